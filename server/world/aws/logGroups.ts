// AWS log groups: groups, streams and events of CloudWatch Logs by its official client.
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { HttpError } from '../../connectors/httpError.ts';
import { number, record, said, text } from '../../connectors/json.ts';
import type { LogEvent, LogEventPage, LogGroup, LogGroups, LogStream, LogWindow } from '../../connectors/logGroups.ts';
import { type AwsOptions, AwsSession, type Question } from './session.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch-logs');

/** Opens nothing and loads nothing yet. */
export function createLogGroups(options: AwsOptions): LogGroups {
  return new Groups(new AwsSession(options));
}

class Groups implements LogGroups {
  readonly #session: AwsSession;
  #made: Promise<CloudWatchLogsClient> | undefined;

  constructor(session: AwsSession) {
    this.#session = session;
  }

  async groups(prefix: string, from: string | undefined, signal: AbortSignal): ReturnType<LogGroups['groups']> {
    const question = questionOf(`the log groups ${prefix}…`, prefix, 'logs:DescribeLogGroups');
    const answer = await this.#ask(question, signal, (client, sdk, abortSignal) =>
      client.send(
        new sdk.DescribeLogGroupsCommand({
          ...(prefix === '' ? {} : { logGroupNamePrefix: prefix }),
          ...(from === undefined ? {} : { nextToken: from }),
          limit: 50,
        }),
        { abortSignal },
      ),
    );
    const groups = this.#list(answer.logGroups, question).flatMap((one): LogGroup[] => {
      const name = text(one.logGroupName);
      const [bytes, createdAt, retentionDays] = [one.storedBytes, one.creationTime, one.retentionInDays].map(number);
      return name === undefined ? [] : [said<LogGroup>({ name, bytes, createdAt, retentionDays })];
    });
    return { groups, ...nextOf(answer.nextToken) };
  }

  async streams(group: string, from: string | undefined, signal: AbortSignal): ReturnType<LogGroups['streams']> {
    const question = questionOf(`the streams of ${group}`, group, 'logs:DescribeLogStreams');
    const answer = await this.#ask(question, signal, (client, sdk, abortSignal) =>
      client.send(
        new sdk.DescribeLogStreamsCommand({
          logGroupName: group,
          orderBy: 'LastEventTime',
          descending: true,
          limit: 50,
          ...(from === undefined ? {} : { nextToken: from }),
        }),
        { abortSignal },
      ),
    );
    const streams = this.#list(answer.logStreams, question).flatMap((one): LogStream[] => {
      const name = text(one.logStreamName);
      const [firstAt, lastAt] = [one.firstEventTimestamp, one.lastEventTimestamp].map(number);
      return name === undefined ? [] : [said<LogStream>({ name, firstAt, lastAt })];
    });
    return { streams, ...nextOf(answer.nextToken) };
  }

  async events(
    { group, stream, since, until }: LogWindow,
    { from, end, most }: Parameters<LogGroups['events']>[1],
    signal: AbortSignal,
  ): Promise<LogEventPage> {
    const question = questionOf(`the events of ${group}: ${stream}`, group, 'logs:GetLogEvents');
    const answer = await this.#ask(question, signal, (client, sdk, abortSignal) =>
      client.send(
        new sdk.GetLogEventsCommand({
          logGroupName: group,
          logStreamName: stream,
          startFromHead: end !== true,
          ...(since === undefined ? {} : { startTime: since }),
          ...(until === undefined ? {} : { endTime: until }),
          ...(from === undefined ? {} : { nextToken: from }),
          ...(most === undefined ? {} : { limit: most }),
        }),
        { abortSignal },
      ),
    );
    return { events: this.#list(answer.events, question).flatMap(eventOf), ...nextOf(answer.nextForwardToken) };
  }

  /** Its client hands on whatever JSON came. */
  #list(value: unknown, question: Question): readonly Readonly<Record<string, unknown>>[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value.map(record);
    const { name, place } = this.#session.asked(question);
    throw new HttpError(
      'broken',
      `${name}: ${place} answered something that is no list when asked for ${question.what}. If a proxy stands between, sign in to it; else check the url of the connection.`,
      { status: 200 },
    );
  }

  async #ask<T>(
    question: Question,
    signal: AbortSignal,
    call: (client: CloudWatchLogsClient, sdk: Sdk, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const sdk = await import('@aws-sdk/client-cloudwatch-logs');
    this.#made ??= this.#client(sdk);
    const client = await this.#made;
    return this.#session.ask(question, (turn) => call(client, sdk, turn), signal);
  }

  async #client(sdk: Sdk): Promise<CloudWatchLogsClient> {
    const settings = this.#session.settings();
    const client = new sdk.CloudWatchLogsClient(settings);
    const hasRegion = await client.config.region().then(
      () => true,
      () => false,
    );
    return hasRegion ? client : new sdk.CloudWatchLogsClient({ ...settings, region: 'us-east-1' });
  }
}

function questionOf(what: string, group: string, permission: string): Question {
  return { what: what.length > 160 ? `${what.slice(0, 159)}…` : what, about: `log group ${group}`, permission };
}

function nextOf(token: unknown): { readonly next?: string } {
  return typeof token === 'string' ? { next: token } : {};
}

function eventOf({ timestamp, message }: Readonly<Record<string, unknown>>): readonly LogEvent[] {
  return typeof message === 'string' ? [{ at: number(timestamp) ?? 0, message }] : [];
}
