// Certificates: whom a connection trusts, and how it shows who it is.
import { readFile } from 'node:fs/promises';
import tls from 'node:tls';
import { codeOf, messageOf, printable } from '../failure.ts';
import { ConnectFailure } from './failure.ts';

export interface TlsFiles {
  /** Absolute paths of PEM files. */
  readonly caFile?: string;
  readonly certificateFile?: string;
  readonly keyFile?: string;
}

/** Reading the system's certificates takes a while and they hardly change: once per process. */
let systemOnes: readonly string[] | undefined;

/**
 * Those that come with Node and those of `NODE_EXTRA_CA_CERTS`; `system`: those of the operating system too, where
 * this Node can read them (22.15 and newer).
 */
export function trusted(system: boolean): readonly string[] {
  if (typeof tls.getCACertificates !== 'function') return tls.rootCertificates;
  const usual = [...tls.getCACertificates('default'), ...tls.getCACertificates('extra')];
  if (system) systemOnes ??= readSystem();
  return [...new Set([...usual, ...(system ? (systemOnes ?? []) : [])])];
}

function readSystem(): readonly string[] {
  try {
    return tls.getCACertificates('system');
  } catch {
    // A store that cannot be read leaves us with Node's own; a certificate that then is not trusted says what to do.
    return [];
  }
}

/** Rejects with a ConnectFailure that names the file. */
export async function secureContext(files: TlsFiles, system: boolean): Promise<tls.SecureContext> {
  const [ca, cert, key] = await Promise.all([
    read('caFile', files.caFile),
    read('certificateFile', files.certificateFile),
    // One PEM file may hold both.
    read('keyFile', files.keyFile ?? files.certificateFile),
  ]);
  try {
    return tls.createSecureContext({ ca: [...trusted(system), ...(ca === undefined ? [] : [ca])], cert, key });
  } catch (error) {
    const names = [files.caFile, files.certificateFile, files.keyFile]
      .filter((file) => file !== undefined)
      .map(printable);
    throw new ConnectFailure(
      'files',
      'UNUSABLE',
      `the certificate files ${names.join(', ')} cannot be used (${messageOf(error)}): they must be PEM, the key without a passphrase and of that certificate`,
    );
  }
}

async function read(setting: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConnectFailure(
      'files',
      'UNREADABLE',
      `${printable(file)} cannot be read (${codeOf(error) ?? messageOf(error)}): correct ${setting} of the connection`,
    );
  }
}
