// Failure: what went wrong on the way to an answer, in words that name the connection, the host and the next step.
import { HttpError, type HttpFailure } from '../../connectors/httpError.ts';
import { codeOf, messageOf } from '../failure.ts';

export type Stage = 'connect' | 'proxy' | 'tls' | 'files';

/** Thrown while a socket is made. The stage travels in the code, because node-fetch keeps no more of an error than that. */
export class ConnectFailure extends Error {
  readonly code: string;

  constructor(stage: Stage, code: string, message: string) {
    super(message);
    this.name = 'ConnectFailure';
    this.code = `${stage}:${code}`;
  }
}

export interface Asked {
  /** Of the connection. */
  readonly name: string;
  /** `host:port` */
  readonly place: string;
  /** `GET /api/…` without the query. */
  readonly what: string;
  /** How the proxy is called in messages, and what says to use it. */
  readonly proxy?: { readonly place: string; readonly from: string };
  readonly timeouts: { readonly connectMs: number };
}

const reset = /^(ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ERR_STREAM_DESTROYED|ECONNABORTED|UND_ERR_SOCKET)$/;
const noRoute = /^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|ENETDOWN|EHOSTDOWN)$/;
const noName = /^(ENOTFOUND|EAI_\w+|ENODATA)$/;
const unvouched = /SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED|INVALID_CA/;
const ofTls =
  /^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_)/;

/** The HttpError for whatever was thrown while asking; an HttpError stays what it is. */
export function explain(error: unknown, asked: Asked): HttpError {
  if (error instanceof HttpError) return error;
  const written = codeOf(error) ?? '';
  const [, stage = 'connect', code = written] = /^(connect|proxy|tls|files):(.*)$/.exec(written) ?? [];
  const { kind, says } = stage === 'proxy' ? proxyWords(code, asked) : words(stage, code, reasonOf(error), asked);
  return new HttpError(kind, `${asked.name}: ${says}`, { cause: error });
}

/** node-fetch puts the whole address, with its query, before what went wrong. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const at = message.indexOf(', reason: ');
  return at < 0 ? message : message.slice(at + ', reason: '.length);
}

interface Words {
  readonly kind: HttpFailure;
  readonly says: string;
}

function words(stage: string, code: string, message: string, { place, what, timeouts }: Asked): Words {
  if (stage === 'files') return { kind: 'tls', says: `${place} was not asked: ${message}.` };
  if (code === 'TIMEOUT') {
    const seconds = timeouts.connectMs / 1_000;
    return {
      kind: 'timeout',
      says: `no connection to ${place} within ${seconds} s. Check the url of the connection, the VPN and the setting http.proxy.`,
    };
  }
  if (stage === 'tls' && reset.test(code)) {
    return {
      kind: 'tls',
      says: `${place} closed the connection while it was being secured. Check that it speaks https, and whether it asks for a client certificate (certificateFile, keyFile).`,
    };
  }
  if (stage === 'tls' || ofTls.test(code)) return { kind: 'tls', says: tlsWords(code, message, place) };
  return connectWords(code, message, place, what);
}

function connectWords(code: string, message: string, place: string, what: string): Words {
  if (noName.test(code)) {
    return {
      kind: 'unreachable',
      says: `no address is known for ${place} (${code}). Check the url of the connection, and the VPN if it needs one.`,
    };
  }
  if (code === 'ECONNREFUSED') {
    return {
      kind: 'unreachable',
      says: `nothing listens at ${place}. Start the server, or correct the url of the connection.`,
    };
  }
  if (noRoute.test(code)) {
    return {
      kind: 'unreachable',
      says: `${place} cannot be reached (${code}). Check the network, the VPN and the setting http.proxy.`,
    };
  }
  if (reset.test(code)) {
    return {
      kind: 'unreachable',
      says: `${place} closed the connection before its answer to ${what} was complete. It is asked again later; if it stays so, look at the log of the server.`,
    };
  }
  if (code === 'ERR_INVALID_CHAR') {
    return {
      kind: 'refused',
      says: `${place} was not asked for ${what}: a header would hold a character that HTTP does not allow. Enter the credential of the connection again, without line breaks.`,
    };
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return {
      kind: 'tooBig',
      says: `${place} sent longer headers than can be read to ${what}. Check what stands at the url of the connection.`,
    };
  }
  if (code.startsWith('HPE_')) {
    return {
      kind: 'broken',
      says: `${place} answered ${what} with something that is not HTTP. Check the port, and whether its url begins with https.`,
    };
  }
  if (/^(Z_|ERR_BROTLI|ERR__ERROR)/.test(code)) {
    return {
      kind: 'broken',
      says: `${place} answered ${what} with compressed data that cannot be read. Look at the proxy in front of the server.`,
    };
  }
  return {
    kind: 'unreachable',
    says: `${place} could not be asked for ${what} (${code || message}). Check the url of the connection.`,
  };
}

function tlsWords(code: string, message: string, place: string): string {
  if (unvouched.test(code)) {
    return `the certificate of ${place} is signed by nobody trusted here (${code}). Name the certificate of its authority in caFile of the connection, or set allowSelfSigned if you know the server.`;
  }
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of ${place} has expired. Renew it on the server.`;
  if (code === 'CERT_NOT_YET_VALID')
    return `the certificate of ${place} is not valid yet. Check the clocks of both machines.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return `the certificate of ${place} is for another name. Use the name it was made for in the url of the connection.`;
  }
  if (
    /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN/.test(
      `${code} ${message.replaceAll(' ', '_').toUpperCase()}`,
    )
  ) {
    return `${place} wants a client certificate that it trusts. Set certificateFile and keyFile of the connection.`;
  }
  if (/WRONG_VERSION|PACKET_LENGTH|EPROTO/.test(code)) {
    return `${place} does not speak TLS. Check the port, and whether the url of the connection should begin with http.`;
  }
  return `no secure connection to ${place} (${code || message}). Check caFile, certificateFile and keyFile of the connection.`;
}

function proxyWords(code: string, { place, proxy }: Asked): Words {
  const name = `the proxy ${proxy?.place ?? ''} (${proxy?.from ?? 'the setting http.proxy'})`;
  const status = /^STATUS_(\d+)$/.exec(code)?.[1];
  if (status === '407') {
    return {
      kind: 'proxy',
      says: `${name} wants a user name and a password before it lets us to ${place}. Write them into its address, or add the host to http.noProxy.`,
    };
  }
  if (status !== undefined) {
    return {
      kind: 'proxy',
      says: `${name} answered ${status} and does not let us to ${place}. Ask whoever runs it, or add the host to http.noProxy.`,
    };
  }
  const why =
    code === 'TIMEOUT'
      ? 'does not answer'
      : unvouched.test(code) || ofTls.test(code)
        ? `has a certificate that is not trusted here (${code})`
        : `cannot be used (${code})`;
  return {
    kind: 'proxy',
    says: `${name} ${why}, so ${place} was not asked. Correct it, or add the host to http.noProxy.`,
  };
}
