// Manners: how one connection is asked: within a budget, a few at a time, never twice for one answer, and not at all while it rests.
import type { HttpAnswer, HttpRequest, LiveHost } from '../../connectors/connector.ts';
import { HttpError } from '../../connectors/httpError.ts';
import type { Http } from '../../world/http/client.ts';
import { retryAfter } from '../../world/http/retryAfter.ts';
import { waitAfter } from '../health.ts';
import { Breaker, type BreakerState } from './breaker.ts';
import { Budget } from './budget.ts';
import { Counted } from './counted.ts';
import { Gate, type Sleep } from './gate.ts';
import { Kept } from './kept.ts';
import { type Limits, usualLimits } from './limits.ts';
import { Rest } from './rest.ts';
import { Shared } from './shared.ts';
import { Skew } from './skew.ts';

export interface MannersOptions {
  /** For messages: the connection and its `host:port`. */
  readonly name: string;
  readonly place: string;
  readonly http: Http;
  /** Epoch ms. */
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: Sleep;
  /** In [0, 1). */
  readonly random: () => number;
  readonly limits?: Partial<Limits>;
  /** After each request that went out: undefined, or why it gave no answer. */
  readonly onOutcome?: (error: HttpError | undefined) => void;
}

export interface MannersState {
  readonly breaker: BreakerState;
  /** Ms until the server may be asked at all; 0: now. */
  readonly restMs: number;
  /** Out now, and waiting for their turn. */
  readonly inFlight: number;
  readonly waiting: number;
}

/**
 * One per connection, for all who ask it. `fetch` is `LiveHost.fetch`: it
 * - shares one request among callers who ask the same at the same time (GET, and POST that are `repeatable`);
 * - lets at most `limits.atOnce` out at a time, first come first served, within the budget;
 * - leaves the server alone as long as it says (Retry-After, rate limit headers), and for a while after failures in a
 *   row: then everybody gets `waiting` at once and nothing goes out, until one request has tried it with success.
 *   A wait of at most `limits.patienceMs` that the server asked for is waited; a longer one is `waiting` too;
 * - tries again at most `limits.retries` times, after a pause: no connection, no answer in time, 5xx, 429;
 *   only what may be asked twice;
 * - asks with If-None-Match for what it keeps from before; a 304 is answered with what was kept.
 * A caller who gives up leaves its place; the request ends when nobody waits for it any more.
 */
export interface Manners {
  readonly fetch: LiveHost['fetch'];
  /**
   * The same rules for one question that another client asks of the same server. `ask` may run again, and rejects with an
   * HttpError or with the reason of `signal`. Nothing is shared or kept.
   */
  turn<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** See `LiveHost.skewMs`. */
  skewMs(): number;
  /** Everything that went out, also what was tried again. */
  requestsLastHour(): number;
  state(): MannersState;
  /** The user asks now: failures of before are no reason to wait. What the server asked for still is. */
  wake(): void;
}

export function createManners(options: MannersOptions): Manners {
  const { now, random, sleep } = options;
  const limits = { ...usualLimits, ...options.limits };
  const budget = new Budget(limits.budget);
  const breaker = new Breaker(limits.breaker, random);
  const rest = new Rest(limits.unsaidRest, random);
  const parts: Parts = {
    options,
    limits,
    breaker,
    rest,
    skew: new Skew(),
    counted: new Counted(),
    kept: new Kept(limits.kept),
    gate: new Gate({ atOnce: limits.atOnce, sleep, admit: () => admit(parts, budget) }),
    lastReason: '',
    lastRefusal: '',
  };
  const shared = new Shared<HttpAnswer>();
  return {
    fetch: (request, signal, expected = []) =>
      mayRepeat(request)
        ? shared.join(keyOf(request, expected), signal, (all) =>
            persist(parts, all, () => once(parts, request, all, expected)),
          )
        : once(parts, request, signal, expected),
    turn: (ask, signal) =>
      persist(parts, signal, () =>
        counted(parts, signal, async () => {
          const answer = await ask();
          parts.rest.answered();
          return answer;
        }),
      ),
    skewMs: () => parts.skew.ms,
    requestsLastHour: () => parts.counted.lastHour(now()),
    state: () => ({
      breaker: breaker.state(now()),
      restMs: Math.max(breaker.waitMs(now()), rest.waitMs(now())),
      inFlight: parts.gate.inside,
      waiting: parts.gate.waiting,
    }),
    wake: () => breaker.wake(),
  };
}

interface Parts {
  readonly options: MannersOptions;
  readonly limits: Limits;
  readonly breaker: Breaker;
  readonly rest: Rest;
  readonly skew: Skew;
  readonly counted: Counted;
  readonly kept: Kept;
  readonly gate: Gate;
  /** Of the failure that the breaker counts. */
  lastReason: string;
  /** With which the server said that it is asked too often; empty: it never did. */
  lastRefusal: string;
}

/** What says that the server, or the way to it, is not well: one more failure in a row. */
const unwell = new Set(['unavailable', 'unreachable', 'timeout', 'tls', 'proxy']);
/** What may be different a moment later. */
const passing = new Set(['unavailable', 'unreachable', 'timeout', 'rateLimited']);

/** The first in line asks how long it must wait; 0 lets it go and takes its token. */
function admit({ options, limits, breaker, rest, lastReason, lastRefusal }: Parts, budget: Budget): number {
  const at = options.now();
  const broken = breaker.waitMs(at);
  if (broken > 0) throw resting(options, broken, `it failed several times in a row. The last time: ${lastReason}`);
  const wished = rest.waitMs(at);
  if (wished > limits.patienceMs) {
    throw resting(options, wished, `it asked to be left alone so long. ${lastRefusal}`.trimEnd());
  }
  const wait = Math.max(wished, budget.waitMs(at));
  if (wait > 0) return wait;
  budget.take(at);
  breaker.began(at);
  return 0;
}

function resting({ name, place }: MannersOptions, ms: number, why: string): HttpError {
  const seconds = Math.ceil(ms / 1_000);
  return new HttpError('waiting', `${name}: ${place} is not asked for another ${seconds} s, because ${why}`, {
    retryAfterMs: ms,
  });
}

/** Tries again what failed for now. */
async function persist<T>(parts: Parts, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  const { limits, options, breaker, rest } = parts;
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof HttpError) || !passing.has(error.kind) || tries > limits.retries) throw error;
      const at = options.now();
      // What is told is what happened, rather than that we now wait.
      if (breaker.waitMs(at) > 0 || rest.waitMs(at) > limits.patienceMs) throw error;
      const pause = waitAfter(tries, limits.retryPause, options.random());
      await options.sleep(pause, signal).finally(() => signal.throwIfAborted());
      if (breaker.waitMs(options.now()) > 0) throw error;
    }
  }
}

function once(parts: Parts, request: HttpRequest, signal: AbortSignal, expected: readonly number[]) {
  return counted(parts, signal, async (sent) => {
    const { options, rest, skew } = parts;
    const answer = await conditional(parts, request, signal, expected);
    const received = options.now();
    skew.heard(answer.fresh.header('date'), answer.fresh.header('age'), sent, received);
    settle(rest, answer.fresh, received);
    return answer.given;
  });
}

/** One request, in its turn. */
function counted<T>(parts: Parts, signal: AbortSignal, ask: (sent: number) => Promise<T>): Promise<T> {
  return parts.gate.pass(signal, async () => {
    const { options, breaker } = parts;
    const sent = options.now();
    parts.counted.add(sent);
    try {
      const answer = await ask(sent);
      breaker.succeeded();
      options.onOutcome?.(undefined);
      return answer;
    } catch (error) {
      if (error instanceof HttpError) fail(parts, error, sent);
      else breaker.gaveUp(sent);
      throw error;
    }
  });
}

function settle(rest: Rest, answer: HttpAnswer, at: number): void {
  const wish = retryAfter(answer.header, at);
  if (answer.status === 429) rest.refused(wish, at);
  else {
    rest.answered();
    if (wish !== undefined) rest.wished(wish, at);
  }
}

function fail(parts: Parts, error: HttpError, sent: number): void {
  const { options, breaker, rest } = parts;
  const at = options.now();
  if (error.kind === 'rateLimited') {
    parts.lastRefusal = error.message;
    rest.refused(error.retryAfterMs, at);
  } else if (error.retryAfterMs !== undefined) rest.wished(error.retryAfterMs, at);
  if (unwell.has(error.kind)) {
    parts.lastReason = error.message;
    breaker.failed(at, sent);
  } else breaker.succeeded();
  options.onOutcome?.(error);
}

interface Conditional {
  /** What came. */
  readonly fresh: HttpAnswer;
  /** What it stands for. */
  readonly given: HttpAnswer;
}

async function conditional(
  { options, kept }: Parts,
  request: HttpRequest,
  signal: AbortSignal,
  expected: readonly number[],
): Promise<Conditional> {
  const own = request.headers?.some(([name]) => name.toLowerCase() === 'if-none-match') || expected.includes(304);
  const key = (request.method ?? 'GET') === 'GET' && !own ? keyOf(request, expected) : undefined;
  const before = key === undefined ? undefined : kept.get(key);
  const headers = before && [...(request.headers ?? []), ['if-none-match', before.etag] as const];
  const fresh = await options.http(
    headers ? { ...request, headers } : request,
    signal,
    before ? [...expected, 304] : expected,
  );
  if (before && fresh.status === 304) return { fresh, given: before.answer };
  if (key !== undefined) kept.put(key, fresh);
  return { fresh, given: fresh };
}

function mayRepeat({ method = 'GET', repeatable }: HttpRequest): boolean {
  return method === 'GET' || repeatable === true;
}

/** Two requests with one key get one answer; who asks is part of it. */
function keyOf(request: HttpRequest, expected: readonly number[]): string {
  const { path, query, method = 'GET', json, form, accept, authorization, headers, maxBytes } = request;
  return JSON.stringify([method, path, query, json, form, accept, authorization, headers, maxBytes, expected]);
}
