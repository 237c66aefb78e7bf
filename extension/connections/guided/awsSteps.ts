// AWS steps: where S3 or CloudWatch Logs is, what of it to look at, and with which of the credentials that AWS's own files hold.
import {
  type ConnectionConfig,
  type DetectedConnection,
  isOfAws,
  type LiveTool,
} from '../../../server/protocol/connection.ts';
import { cleanUrl, urlProblem } from './address.ts';
import {
  awsAddress,
  endpointRegion,
  namesIn,
  profileProblem,
  regionOf,
  regionProblem,
  watchProblem,
} from './awsAddress.ts';
import type { Way } from './credentialSteps.ts';
import { line, pick, type Step } from './steps.ts';

/** The answers so far. */
export interface AwsDraft {
  tool: LiveTool;
  url: string;
  way: Way;
  detected?: DetectedConnection;
  region?: string;
  profile?: string;
  watch: readonly string[];
}

const regions = ['us-east-1', 'us-east-2', 'us-west-2', 'eu-west-1', 'eu-central-1', 'eu-north-1', 'ap-southeast-2'];
/** In the list of places: an address of one's own. */
const own = 'own';

/** Where: asked before the name, instead of the address. */
export function awsPlaceSteps(draft: AwsDraft): readonly Step[] {
  const isNew = (): boolean => isOfAws(draft.tool) && draft.detected === undefined;
  let isOwn = false;
  return [
    {
      applies: isNew,
      async ask(frame) {
        const s3 = draft.tool !== 'cloudwatch';
        const given = await pick<string>(frame, {
          placeholder: `AWS region: choose one, or type another${s3 ? '. MinIO and its like have an address of their own' : ''}`,
          items: [
            {
              label: '$(server) Another endpoint',
              description: s3 ? 'MinIO, Ceph, R2 …' : 'of your own network (VPC), LocalStack …',
              value: own,
            },
            ...regions.map((region) => ({ label: region, value: region })),
          ],
          active: isOwn ? own : regionOf(draft.url),
          typed: (text) =>
            regionProblem(text) === undefined && !regions.includes(text)
              ? { label: text, description: 'as typed', value: text }
              : undefined,
        });
        if (given.move !== 'next') return given.move;
        isOwn = given.value === own;
        draft.region = isOwn ? undefined : given.value;
        if (!isOwn) draft.url = awsAddress(draft.tool, given.value);
        return given.move;
      },
    },
    {
      applies: () => isNew() && isOwn,
      async ask(frame) {
        const given = await line(frame, {
          prompt: 'Address of the endpoint',
          placeholder: 'https://minio.example.com:9000',
          value: regionOf(draft.url) === undefined ? draft.url : '',
          problem: urlProblem,
        });
        if (given.move === 'next') draft.url = cleanUrl(given.value);
        return given.move;
      },
    },
    {
      // Each request is signed for a region; S3 finds it by asking, CloudWatch cannot be asked without it.
      applies: () => isNew() && isOwn && draft.tool === 'cloudwatch',
      async ask(frame) {
        const given = await line(frame, {
          prompt: 'Region of that endpoint',
          placeholder: 'eu-west-1',
          value: draft.region ?? endpointRegion(draft.url) ?? '',
          problem: regionProblem,
        });
        if (given.move === 'next') draft.region = given.value.trim();
        return given.move;
      },
    },
  ];
}

/** What, and by which profile: asked after how it knows you. */
export function awsScopeSteps(draft: AwsDraft): readonly Step[] {
  return [
    {
      // Where events are is asked for by itself.
      applies: () => isOfAws(draft.tool) && draft.tool !== 'openlineage',
      async ask(frame) {
        const s3 = draft.tool !== 'cloudwatch';
        const given = await line(frame, {
          prompt: s3
            ? 'Buckets to look at even if nothing names them, with blanks between them (optional); those that code, runs and tables name are looked at anyway'
            : 'Log groups, by the beginnings of their names, with blanks between them (optional)',
          placeholder: s3 ? 'acme-models acme-lake/churn/' : '/aws/mwaa/churn airflow-prod-Task',
          value: draft.watch.join(' '),
          problem: (text) => watchProblem(draft.tool, text),
        });
        if (given.move === 'next') draft.watch = namesIn(given.value);
        return given.move;
      },
    },
    {
      applies: () => isOfAws(draft.tool) && draft.way === 'environment',
      async ask(frame) {
        const given = await line(frame, {
          prompt: 'Profile of ~/.aws (optional); without one, what AWS_PROFILE or [default] says',
          placeholder: 'acme-prod',
          value: draft.profile ?? '',
          problem: profileProblem,
        });
        if (given.move === 'next') draft.profile = given.value.trim() || undefined;
        return given.move;
      },
    },
  ];
}

/** What these answers add to the connection; `anonymous` has no profile. */
export function awsConfig({ tool, way, region, profile, watch }: AwsDraft): Partial<ConnectionConfig> {
  if (!isOfAws(tool)) return {};
  return {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && way === 'environment' && { profile }),
    ...(watch.length > 0 && { watch }),
  };
}
