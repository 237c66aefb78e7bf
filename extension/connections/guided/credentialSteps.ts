// Credential steps: which credential a connection uses and, if one is to be stored, its secret, masked.
import {
  type ConnectionConfig,
  type DetectedConnection,
  isOfAws,
  type LiveTool,
  type Secret,
} from '../../../server/protocol/connection.ts';
import { whereSecretLives } from '../words.ts';
import { isReadableOnTheWay, toolTitles } from './address.ts';
import { line, pick, type Step } from './steps.ts';

export type Way = 'none' | 'basic' | 'token' | 'environment';

/** The answers so far; the secret is here and in no config. */
export interface CredentialDraft {
  tool: LiveTool;
  url: string;
  way: Way;
  username: string;
  secret?: Secret;
}

export function credentialOf(way: Way): NonNullable<ConnectionConfig['credential']> {
  return way === 'basic' || way === 'token' ? 'stored' : way;
}

/** `detected` says what stands in the tool's own environment, for the choice to use that. */
export function credentialSteps(
  draft: CredentialDraft,
  detected: readonly DetectedConnection[],
  ways: readonly Way[] = ['none', 'basic', 'token', 'environment'],
): readonly Step[] {
  return [
    {
      applies: () => ways.length > 1,
      async ask(frame) {
        const given = await pick<Way>(frame, {
          placeholder: `How does ${draft.url} know you?`,
          items: ways
            .filter((way) => isKnown(way, draft.tool))
            .map((way) => ({ ...described(way, draft, detected), value: way })),
          active: draft.way,
        });
        if (given.move === 'next') draft.way = given.value;
        if (credentialOf(draft.way) !== 'stored') draft.secret = undefined;
        return given.move;
      },
    },
    {
      applies: () => draft.way === 'basic',
      async ask(frame) {
        const given = await line(frame, {
          prompt: `${basicWords(draft.tool).name} at ${draft.url}`,
          value: draft.username,
          password: basicWords(draft.tool).bothSecret === true,
          problem: (text) => (text === '' ? 'It is empty' : undefined),
        });
        if (given.move === 'next') draft.username = given.value;
        return given.move;
      },
    },
    {
      applies: () => credentialOf(draft.way) === 'stored',
      async ask(frame) {
        const basic = draft.way === 'basic';
        const words = basicWords(draft.tool);
        const what = !basic ? 'Token' : words.bothSecret ? words.secret : `${words.secret} of ${draft.username}`;
        const clear = isReadableOnTheWay(draft.url) ? ' It will travel unencrypted, since the address is http.' : '';
        const given = await line(frame, {
          prompt: `${what}. ${whereSecretLives(draft.url)}${clear}`,
          password: true,
          problem: (text) => (text === '' ? `The ${basic ? 'password' : 'token'} is empty` : undefined),
        });
        if (given.move !== 'next') return given.move;
        draft.secret = basic
          ? { kind: 'basic', username: draft.username, password: given.value }
          : { kind: 'token', token: given.value.trim() };
        return given.move;
      },
    },
  ];
}

/** These answer nobody who does not say who he is. */
const closed: ReadonlySet<LiveTool> = new Set(['databricks', 'datadog', 'snowflake', 'dbt', 'cloudwatch']);

/** AWS knows no tokens of one line, and dbt Cloud nothing else. */
export function isKnown(way: Way, tool: LiveTool): boolean {
  if (way === 'token') return !isOfAws(tool);
  if (way === 'basic') return tool !== 'dbt';
  return way !== 'none' || !closed.has(tool);
}

/** What most use, to begin with. */
export function usualWay(tool: LiveTool): Way {
  if (isOfAws(tool)) return 'environment';
  if (tool === 'datadog') return 'basic';
  return closed.has(tool) ? 'token' : 'none';
}

/** What a tool calls those that it gives. */
const tokens: Readonly<Partial<Record<LiveTool, string>>> = {
  databricks: 'a personal access token',
  dbt: 'a service token, or one of your own',
  snowflake: 'a programmatic access token, or one of OAuth',
};

interface BasicWords {
  readonly way: string;
  readonly name: string;
  readonly secret: string;
  /** Both are typed unseen and shown nowhere. */
  readonly bothSecret?: true;
}

/** What a tool calls the two that are kept together. */
function basicWords(tool: LiveTool): BasicWords {
  if (tool === 'datadog')
    return { way: 'API key and application key', name: 'API key', secret: 'Application key', bothSecret: true };
  if (tool === 'databricks')
    return {
      way: 'Client id and secret of a service principal',
      name: 'Client id of a service principal',
      secret: 'OAuth secret',
    };
  if (isOfAws(tool)) return { way: 'Access key', name: 'Access key id', secret: 'Secret access key' };
  if (tool === 'snowflake')
    return {
      way: 'User with a key pair',
      name: 'User name',
      secret: 'Private key (the text of the unencrypted PEM file)',
    };
  return { way: 'User name and password', name: 'User name', secret: 'Password' };
}

function described(way: Way, { tool, url }: CredentialDraft, detected: readonly DetectedConnection[]) {
  const title = toolTitles[tool];
  switch (way) {
    case 'none':
      return isOfAws(tool)
        ? { label: '$(circle-slash) Anonymous', description: 'what is public; nothing is signed' }
        : { label: '$(circle-slash) None', description: 'the server answers anyone' };
    case 'basic':
      return { label: `$(account) ${basicWords(tool).way}`, detail: whereSecretLives(url) };
    case 'token':
      return {
        label: '$(key) Token',
        ...(tokens[tool] !== undefined && { description: tokens[tool] }),
        detail: whereSecretLives(url),
      };
    case 'environment': {
      const found = detected.filter((one) => one.config.tool === tool && one.hasSecret).map(({ from }) => from);
      const what = found.length > 0 ? `found: ${[...new Set(found)].join(', ')}` : 'nothing found there now';
      return isOfAws(tool)
        ? {
            label: "$(terminal) AWS's own configuration",
            description: 'AWS_* variables, ~/.aws, SSO, role of this machine',
          }
        : { label: `$(terminal) ${title}'s own environment`, description: what };
    }
  }
}
