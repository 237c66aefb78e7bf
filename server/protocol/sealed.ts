// Sealed: a secret on its way between editor and server, which no trace of their messages can read.
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Secret } from './connection.ts';

/** All base64. Readable only by the process whose public key it was made for. */
export interface Sealed {
  readonly key: string;
  readonly nonce: string;
  readonly text: string;
  readonly tag: string;
}

export interface Seal {
  /** Base64; may be seen by anyone. */
  readonly publicKey: string;
  /** Throws when it was sealed for another process, or changed on the way. */
  open(sealed: Sealed): Secret;
}

/** One per process; its private half never leaves memory. */
export function createSeal(): Seal {
  const own = generateKeyPairSync('x25519');
  return {
    publicKey: exported(own.publicKey),
    open({ key, nonce, text, tag }) {
      const shared = sharedKey(own.privateKey, imported(key));
      const decipher = createDecipheriv('aes-256-gcm', shared, Buffer.from(nonce, 'base64'), { authTagLength: 16 });
      decipher.setAuthTag(Buffer.from(tag, 'base64'));
      const plain = Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]);
      const secret: Secret = JSON.parse(plain.toString('utf8'));
      return secret;
    },
  };
}

/** Throws when `publicKey` is none. */
export function seal(secret: Secret, publicKey: string): Sealed {
  const once = generateKeyPairSync('x25519');
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sharedKey(once.privateKey, imported(publicKey)), nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()]);
  return {
    key: exported(once.publicKey),
    nonce: nonce.toString('base64'),
    text: text.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
}

function sharedKey(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), 'plumbline secret', 32));
}

function exported(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}

function imported(key: string): KeyObject {
  return createPublicKey({ key: Buffer.from(key, 'base64'), type: 'spki', format: 'der' });
}
