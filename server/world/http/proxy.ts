// Which proxy a request goes through: the editor's settings first, the environment's variables behind them.
import { isIP } from 'node:net';
import type { ProxySettings } from '../../protocol/connection.ts';

export type { ProxySettings } from '../../protocol/connection.ts';

/** `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in either case. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProxyChoice {
  /** Undefined when what is set is no address of a proxy. */
  readonly url?: URL;
  /** The setting or variable that says so. */
  readonly from: string;
}

/**
 * Undefined: ask directly. A proxy on another machine cannot reach what listens on this one, so loopback addresses go
 * through a proxy only when it is on loopback itself.
 */
export function chooseProxy(target: URL, settings: ProxySettings, env: Environment): ProxyChoice | undefined {
  if (settings.proxySupport === 'off') return undefined;
  const written = fromSettings(settings) ?? fromEnvironment(target, env);
  if (!written) return undefined;
  const except = [...(settings.noProxy ?? []), ...(read(env, 'NO_PROXY') ?? '').split(/[\s,]+/)];
  if (except.some((entry) => bypasses(entry, target))) return undefined;
  const url = parsed(written.value);
  if (!url) return { from: written.from };
  if (isLoopback(target.hostname) && !isLoopback(url.hostname)) return undefined;
  return { url, from: written.from };
}

interface Written {
  readonly value: string;
  readonly from: string;
}

function fromSettings({ proxy }: ProxySettings): Written | undefined {
  return proxy?.trim() ? { value: proxy.trim(), from: 'the setting http.proxy' } : undefined;
}

function fromEnvironment(target: URL, env: Environment): Written | undefined {
  for (const name of [target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY', 'ALL_PROXY']) {
    const value = read(env, name)?.trim();
    if (value) return { value, from: `the environment variable ${name}` };
  }
  return undefined;
}

function read(env: Environment, name: string): string | undefined {
  return env[name.toLowerCase()] || env[name];
}

function parsed(value: string): URL | undefined {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(url)) return undefined;
  const result = new URL(url);
  return /^(https?|socks(4a?|5h?)?):$/.test(result.protocol) && result.hostname ? result : undefined;
}

/**
 * `*`, `host`, `.domain`, `*.domain`, each with or without `:port`, an address, or a range like `10.0.0.0/8`. A host
 * covers what is below it, as curl, Python and Go have it.
 */
function bypasses(written: string, target: URL): boolean {
  const entry = written.trim().toLowerCase();
  if (entry === '') return false;
  if (entry === '*') return true;
  const host = bare(target.hostname);
  if (entry.includes('/')) return inRange(host, entry);
  const withPort = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry);
  if (withPort && withPort[2] !== portOf(target)) return false;
  const name = bare((withPort?.[1] ?? entry).replace(/^\*?\./, ''));
  return host === name || (isIP(name) === 0 && host.endsWith(`.${name}`));
}

function inRange(host: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const size = Number(bits);
  if (isIP(host) !== 4 || isIP(network) !== 4 || !Number.isInteger(size) || size < 0 || size > 32) return false;
  return size === 0 || number(host) >>> (32 - size) === number(network) >>> (32 - size);
}

function number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || (isIP(host) === 4 && /^127\./.test(host))
  );
}

/** An IPv6 address without its brackets; names without the dot of the root. */
export function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Written out, also when it is the usual one of the scheme. */
export function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : url.protocol === 'http:' ? '80' : '1080');
}
