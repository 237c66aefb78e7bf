// Add Connection: the guided input from "which server" to a tested, saved connection.
import {
  type ConnectionConfig,
  type DetectedConnection,
  isOfAws,
  type LiveTool,
  liveTools,
} from '../../../server/protocol/connection.ts';
import type { Connections } from '../connections.ts';
import { cleanUrl, nameProblem, proposedName, toolTitles, urlProblem, usualAddress } from './address.ts';
import { type AwsDraft, awsConfig, awsPlaceSteps, awsScopeSteps } from './awsSteps.ts';
import { type CredentialDraft, credentialOf, credentialSteps, usualWay } from './credentialSteps.ts';
import { eventSteps } from './eventSteps.ts';
import { hostSteps } from './hostSteps.ts';
import { siteSteps } from './siteSteps.ts';
import { line, pick, runSteps, type Step } from './steps.ts';
import { type Certificates, testUntilDecided } from './testConnection.ts';

interface Draft extends CredentialDraft, AwsDraft {
  name: string;
  environment?: string;
  detected?: DetectedConnection;
  certificates: Certificates;
  /** Of a host. */
  logs: readonly string[];
}

const title = 'Add Connection';

/** The name of the connection that was saved; undefined: given up. */
export async function addConnection(connections: Connections): Promise<string | undefined> {
  const detected = await connections.detect().catch(() => []);
  const known = new Set(connections.list.map(({ tool, url }) => `${tool} ${cleanUrl(url)}`));
  const offered = detected.filter(
    ({ config }) => urlProblem(config.url) === undefined && !known.has(`${config.tool} ${cleanUrl(config.url)}`),
  );
  const draft: Draft = {
    tool: 'mlflow',
    url: '',
    name: '',
    way: 'none',
    username: '',
    certificates: {},
    logs: [],
    watch: [],
  };
  const steps = [
    serverStep(draft, offered),
    ...siteSteps(draft),
    ...awsPlaceSteps(draft),
    urlStep(draft),
    ...hostSteps(draft),
    ...eventSteps(draft),
    nameStep(draft, connections),
    environmentStep(draft, connections),
    ...credentialSteps(draft, detected).map((step) => ({
      ...step,
      applies: () => draft.tool !== 'ssh' && step.applies(),
    })),
    ...awsScopeSteps(draft),
  ];
  const credentialAt = steps.length - awsScopeSteps(draft).length - credentialSteps(draft, detected).length;
  let from = 0;
  for (;;) {
    if (!(await runSteps(title, steps, from))) return undefined;
    const decision = await testUntilDecided(connections, () => configOf(draft), draft.secret, draft.certificates);
    if (decision === 'cancel') return undefined;
    if (decision === 'save') return save(connections, draft);
    // Back to where it can be wrong: the address, or the credential.
    from = decision === 'credential' ? credentialAt : 1;
    if (decision === 'address') draft.detected = undefined;
  }
}

async function save(connections: Connections, draft: Draft): Promise<string | undefined> {
  const config = configOf(draft);
  if (draft.secret) await connections.secrets.store(config.name, config.url, draft.secret);
  const problem = await connections.change({ change: 'save', config });
  if (!problem) return config.name;
  await connections.secrets.remove(config.name, config.url);
  throw new Error(`The connection ${config.name} was not saved: ${problem}`);
}

function configOf(draft: Draft): ConnectionConfig {
  const { detected, name, tool, url, environment, way, certificates, logs } = draft;
  return {
    ...detected?.config,
    name: name.trim(),
    tool,
    url,
    ...(environment && { environment }),
    credential: credentialOf(way),
    ...certificates,
    ...(tool === 'ssh' && { logs }),
    ...awsConfig(draft),
  };
}

function serverStep(draft: Draft, offered: readonly DetectedConnection[]): Step {
  type Choice = DetectedConnection | LiveTool;
  return {
    applies: () => true,
    async ask(frame) {
      const found = offered.map((one) => ({
        label: `$(search) ${toolTitles[one.config.tool]} at ${one.config.url}`,
        description: `found in ${one.from}`,
        value: one as Choice,
      }));
      const tools = liveTools.map((tool) => ({
        label: `$(plug) ${toolTitles[tool]}`,
        description: found.length > 0 ? 'at another address' : 'at an address you type',
        value: tool as Choice,
      }));
      const given = await pick<Choice>(frame, {
        placeholder: 'Which server shall Plumbline read? It only reads, and only what it is allowed to.',
        items: [...found, ...tools],
      });
      if (given.move !== 'next') return given.move;
      if (typeof given.value === 'string') {
        draft.detected = undefined;
        draft.tool = given.value;
        draft.way = usualWay(given.value);
      } else {
        draft.detected = given.value;
        draft.tool = given.value.config.tool;
        draft.url = cleanUrl(given.value.config.url);
        draft.environment = given.value.config.environment;
        draft.region = given.value.config.region;
        draft.profile = given.value.config.profile;
        draft.watch = given.value.config.watch ?? [];
        draft.way = given.value.hasSecret ? 'environment' : usualWay(draft.tool);
      }
      return given.move;
    },
  };
}

function urlStep(draft: Draft): Step {
  return {
    applies: () =>
      draft.detected === undefined && draft.tool !== 'ssh' && draft.tool !== 'datadog' && !isOfAws(draft.tool),
    async ask(frame) {
      const given = await line(frame, {
        prompt: `Address of ${toolTitles[draft.tool]}, with the prefix it is mounted at, if any`,
        placeholder: usualAddress[draft.tool],
        value: draft.url,
        problem: urlProblem,
      });
      if (given.move === 'next') draft.url = cleanUrl(given.value);
      return given.move;
    },
  };
}

function nameStep(draft: Draft, connections: Connections): Step {
  return {
    applies: () => true,
    async ask(frame) {
      const wish = draft.name || draft.detected?.config.name;
      const free = wish && !nameProblem(wish, connections.names) ? wish : undefined;
      const given = await line(frame, {
        prompt: 'Name of the connection, as hovers and views are to show it',
        value: free ?? proposedName(draft.tool, draft.url, connections.names),
        problem: (text) => nameProblem(text, connections.names),
      });
      if (given.move === 'next') draft.name = given.value.trim();
      return given.move;
    },
  };
}

/** What teams call theirs, offered when no connection names one yet. */
const usual = ['dev', 'staging', 'prod'];

function environmentStep(draft: Draft, connections: Connections): Step {
  const any = '';
  return {
    applies: () => true,
    async ask(frame) {
      const known = [...new Set([...connections.environments, ...usual])];
      const given = await pick<string>(frame, {
        placeholder: 'Environment (optional): choose one, or type another',
        items: [
          { label: '$(globe) Any', description: 'it serves all environments', value: any },
          ...known.map((name) => ({ label: name, value: name })),
        ],
        active: draft.environment ?? any,
        typed: (text) =>
          text === '' || known.includes(text) ? undefined : { label: text, description: 'as typed', value: text },
      });
      if (given.move === 'next') draft.environment = given.value || undefined;
      return given.move;
    },
  };
}
