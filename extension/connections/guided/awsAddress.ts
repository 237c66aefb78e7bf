// AWS addresses: regions, profiles, buckets and log groups as they are typed: what is wrong with them.
import type { LiveTool } from '../../../server/protocol/connection.ts';

const most = 50;

/** `https://s3.eu-west-1.amazonaws.com`; regions of China have a domain of their own (docs.aws.amazon.com, general reference, read 2026-11). */
export function awsAddress(tool: LiveTool, region: string): string {
  const service = tool === 'cloudwatch' ? 'logs' : 's3';
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

/** Of an address of AWS itself; undefined for MinIO and its like. */
export function regionOf(url: string): string | undefined {
  return /^https:\/\/(?:s3|logs)\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/?$/.exec(url)?.[1];
}

/** Of an endpoint in one's own network: `vpce-1a2b.logs.eu-west-1.vpce.amazonaws.com` (docs.aws.amazon.com, PrivateLink, read 2026-11). */
export function endpointRegion(url: string): string | undefined {
  return /^https:\/\/[\w-]{1,80}\.(?:s3|logs)\.([a-z0-9-]{1,40})\.vpce\.amazonaws\.com(?:\.cn)?\/?$/.exec(url)?.[1];
}

/** Undefined: fine. */
export function regionProblem(text: string): string | undefined {
  return /^[a-z]{2,3}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/.test(text.trim())
    ? undefined
    : 'A region, for example eu-west-1 or us-gov-west-1';
}

/** May be empty. Undefined: fine. */
export function profileProblem(text: string): string | undefined {
  const typed = text.trim();
  if (typed.length > 100) return 'At most 100 characters';
  return /[\]\r\n\0]/.test(typed) ? 'No profile of ~/.aws is called so.' : undefined;
}

/** With blanks or commas between them. */
export function namesIn(text: string): readonly string[] {
  const names = text.split(/[\s,]+/).map((one) => one.replace(/^s3:\/\//i, ''));
  return [...new Set(names.filter((one) => one !== ''))];
}

/** May be empty. Undefined: fine. */
export function watchProblem(tool: LiveTool, text: string): string | undefined {
  const names = namesIn(text);
  if (names.length > most) return `At most ${most}`;
  if (tool === 'cloudwatch') {
    const wrong = names.find((name) => !/^[\w./#-]{1,512}$/.test(name));
    return wrong === undefined ? undefined : `${wrong}: no log group is called so`;
  }
  const wrong = names.find((name) => !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/.*)?$/.test(name));
  return wrong === undefined ? undefined : `${wrong}: no bucket is called so; write acme-models or acme-models/churn/`;
}
