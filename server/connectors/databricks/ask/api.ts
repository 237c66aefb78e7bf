// Api: questions to a workspace, the words of its refusals, and numbers that are longer than JavaScript's.
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { HttpAnswer, HttpRequest, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { type JsonRecord, record } from '../../json.ts';
import { Session, saidBy } from './session.ts';

export type Query = readonly (readonly [string, string])[];

export class Api {
  /** `name: host`, for messages. */
  readonly place: string;
  readonly #session: Session;
  #workspace: string | undefined;

  constructor(connection: Pick<ConnectionConfig, 'name' | 'url'>, host: LiveHost) {
    this.place = `${connection.name}: ${addressOf(connection.url)}`;
    this.#session = new Session(this.place, host);
  }

  /** The id that the workspace gave with its last answer; undefined before, and where it gives none. */
  get workspace(): string | undefined {
    return this.#workspace;
  }

  /** Rejects like `LiveHost.fetch`; what does not exist is `missing`, also where the Jobs API says 400. */
  async get(path: string, query: Query, signal: AbortSignal): Promise<JsonRecord> {
    return this.json({ path, query }, signal);
  }

  async json(request: HttpRequest, signal: AbortSignal): Promise<JsonRecord> {
    const answer = await this.ask(request, signal, [400]);
    if (answer.status === 400) throw this.#refused(request, answer);
    return parsed(answer);
  }

  async ask(request: HttpRequest, signal: AbortSignal, expected: readonly number[] = []): Promise<HttpAnswer> {
    const answer = await this.#session.ask(request, signal, expected);
    const workspace = answer.header('x-databricks-org-id');
    if (workspace !== undefined && /^[1-9]\d{0,19}$/.test(workspace)) this.#workspace = workspace;
    return answer;
  }

  #refused({ path }: HttpRequest, answer: HttpAnswer): HttpError {
    const said = saidBy(answer);
    // "Job 11 does not exist." and "Run: 77 in job: 11 doesn't exist" are 400 INVALID_PARAMETER_VALUE (what the SDK turns
    // into "not found": errors/overrides.py of 0.156, 2026-11-23).
    const missing = /DOES_NOT_EXIST|does not exist|doesn't exist|NOT_FOUND/i.test(said);
    return new HttpError(
      missing ? 'missing' : 'refused',
      `${this.place} answered ${path} with 400${said && ` ${said}`}. ${missing ? 'It is gone, or another workspace has it.' : 'This version asked what the workspace does not understand.'}`,
      { status: 400 },
    );
  }
}

/** Ids of 64 bits come as texts, so that none is rounded to another. Only keys that end in `_id` are looked at. */
function parsed(answer: HttpAnswer): JsonRecord {
  const exact = answer.text.replace(/"(\w{0,40}_id)"(\s{0,4}):(\s{0,4})(\d{16,20})(?=[,}\s])/g, '"$1"$2:$3"$4"');
  if (exact === answer.text) return record(answer.json());
  try {
    return record(JSON.parse(exact));
  } catch {
    return record(answer.json());
  }
}

/** One segment of a path. */
export function segment(name: string): string {
  return encodeURIComponent(name);
}
