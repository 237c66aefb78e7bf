// AWS errors: what AWS and its own clients say went wrong, in words that name the connection, the thing asked for and the next step.
import { HttpError, type HttpFailure } from '../../connectors/httpError.ts';
import { excerpt } from '../http/excerpt.ts';
import { type Asked, explain } from '../http/failure.ts';
import { retryAfter } from '../http/retryAfter.ts';

/** The fields that matter of what AWS's clients throw; any of them may be missing. */
export interface AwsFailure {
  readonly name: string;
  readonly message: string;
  readonly status?: number;
  /** Where the bucket is, if the answer says so. */
  readonly region?: string;
  readonly header: (name: string) => string | undefined;
}

export interface AwsAsked extends Asked {
  /** `bucket acme-models`, `log group /aws/mwaa`; what the words are about. */
  readonly about: string;
  /** The permission that AWS would want: `s3:ListBucket`. */
  readonly permission: string;
  /** How it is signed: `profile prod`, `the environment`, `nobody (anonymous)`. */
  readonly who: string;
  /** What to do when the session is over. */
  readonly signIn: string;
}

export function failureIn(error: unknown): AwsFailure {
  const response = field(error, '$response');
  const status = field(field(error, '$metadata'), 'httpStatusCode') ?? field(response, 'statusCode');
  const header = (name: string): string | undefined => text(field(field(response, 'headers'), name));
  const region = header('x-amz-bucket-region') ?? text(field(error, 'Region'));
  return {
    name: text(field(error, 'Code')) ?? text(field(error, 'name')) ?? '',
    message: text(field(error, 'message')) ?? '',
    header,
    ...(typeof status === 'number' ? { status } : {}),
    ...(region !== undefined && /^[a-z0-9-]{1,40}$/.test(region) ? { region } : {}),
  };
}

/** Also one that is not listed: AWS's clients hide the whole answer in their errors so. */
function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const over = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;
const unknownKey =
  /^(InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|InvalidClientTokenId|UnrecognizedClientException|InvalidSignatureException|AuthFailure|NotSignedUp)$/;
const throttled =
  /^(SlowDown|Throttling|ThrottlingException|RequestLimitExceeded|TooManyRequestsException|LimitExceededException|BandwidthLimitExceeded)$/;
const denied =
  /^(AccessDenied|AccessDeniedException|AllAccessDisabled|UnauthorizedAccess|InvalidObjectState|Forbidden|403)$/;
const none = /^(NoSuchBucket|NoSuchKey|NoSuchVersion|NotFound|ResourceNotFoundException|404)$/;
const elsewhere =
  /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|TemporaryRedirect)$/;
const ofCredentials = /^(CredentialsProviderError|TokenProviderError|ProviderError|SSOTokenProviderFailure)$/;

/** The HttpError for whatever was thrown while asking; an HttpError stays what it is. */
export function explainAws(error: unknown, asked: AwsAsked, now: number): HttpError {
  if (error instanceof HttpError) return error;
  const failure = failureIn(error);
  if (ofCredentials.test(failure.name)) return noCredentials(failure, asked, error);
  if (failure.status === undefined && !over.test(failure.name)) return explain(error, asked);
  const [kind, says] = meaning(failure, asked);
  const wait = kind === 'rateLimited' || kind === 'unavailable' ? retryAfter(failure.header, now) : undefined;
  const shown = shownOf(failure.message);
  // Its clients call an answer without words by its number, or not at all.
  const words = shown === '' || /^(UnknownError|Unknown|\d+)$/.test(shown) ? '' : ` It says: ${shown}`;
  const status = failure.status ?? 403;
  const code = /^[A-Za-z]{3,60}$/.test(failure.name) && failure.name !== 'Unknown' ? ` (${failure.name})` : '';
  return new HttpError(
    kind,
    `${asked.name}: ${asked.place} answered ${status}${code} to ${asked.what}. ${says}${words}`,
    {
      status,
      cause: error,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    },
  );
}

function meaning({ name, status = 0, region }: AwsFailure, asked: AwsAsked): readonly [HttpFailure, string] {
  const { about, permission, who, signIn } = asked;
  if (over.test(name)) return ['unauthorized', `The session of ${who} is over. ${signIn}`];
  if (unknownKey.test(name))
    return ['unauthorized', `${capital(keyOf(who))} is not known or does not fit there. ${signIn}`];
  if (name === 'RequestTimeTooSkewed')
    return ['refused', 'The clock of this machine is more than 15 minutes off. Set it, then try again.'];
  if (throttled.test(name) || status === 429) return ['rateLimited', 'It is asked less often now.'];
  if (elsewhere.test(name) || status === 301 || status === 307) {
    const where = region === undefined ? 'in another region' : `in ${region}`;
    return ['refused', `The ${about} is ${where}: set "region" of the connection, or correct its url.`];
  }
  if (denied.test(name) || status === 403)
    return ['forbidden', `${capital(who)} may not do this with the ${about}: ask for ${permission}.`];
  if (status === 401) return ['unauthorized', `It does not let ${who} in. ${signIn}`];
  if (none.test(name) || status === 404)
    return ['missing', `There is no such ${about} (any more): check its name, the region and the account.`];
  if (status >= 500) return ['unavailable', 'It is asked again later.'];
  return ['refused', `Check the ${about}, the region and the url of the connection.`];
}

function noCredentials({ message }: AwsFailure, { name, place, who, signIn }: AwsAsked, cause: unknown): HttpError {
  // A program that hands out credentials may repeat its command line, which can hold one.
  const why = /Command failed|credential_process/i.test(message)
    ? 'the credential_process of the profile failed'
    : shownOf(message).replace(/[^.!?]$/, '$&.');
  return new HttpError(
    'unauthorized',
    `${name}: ${place} was not asked, for ${who} gave no credentials: ${why} ${signIn}`,
    {
      cause,
    },
  );
}

/** Without ids of keys, which say whose they are. */
function shownOf(message: string): string {
  return excerpt(message, []).replace(/\b(AKIA|ASIA|AROA|AIDA)[A-Z0-9]{8,}\b/g, '•••');
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function keyOf(who: string): string {
  return who.endsWith('access key') ? who : `the access key of ${who}`;
}
