// Who: which account answers, and who we are there, by what it says of itself.
import { accountInHost } from '../../../catalog/mine.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import { HttpError } from '../../httpError.ts';
import { accountKey, type Place } from '../ids.ts';
import type { Api } from './api.ts';

/** Functions of the session need no warehouse: Snowflake's cloud services answer them (not seen on a real account). */
const question =
  'SELECT CURRENT_ORGANIZATION_NAME() AS ORGANIZATION, CURRENT_ACCOUNT_NAME() AS ACCOUNT, CURRENT_ACCOUNT() AS LOCATOR, ' +
  'CURRENT_REGION() AS REGION, CURRENT_USER() AS USER_NAME, CURRENT_ROLE() AS ROLE_NAME, CURRENT_VERSION() AS VERSION';

interface Said {
  readonly organization?: string;
  readonly account?: string;
  readonly locator?: string;
  readonly region?: string;
  readonly user?: string;
  readonly role?: string;
  readonly version?: string;
}

export class Who {
  readonly #connection: ConnectionConfig;
  readonly #api: Api;
  #said: Said | undefined;

  constructor(connection: ConnectionConfig, api: Api) {
    this.#connection = connection;
    this.#api = api;
  }

  /** What the account is called in ids; undefined while that was not asked. */
  get known(): string | undefined {
    return this.#said && this.#place(this.#said).account;
  }

  forget(): void {
    this.#said = undefined;
  }

  async place(signal: AbortSignal): Promise<Place> {
    return this.#place(await this.said(signal));
  }

  /** Asked once. What the account does not tell us is absent. */
  async said(signal: AbortSignal): Promise<Said> {
    this.#said ??= await this.#ask(signal);
    return this.#said;
  }

  async #ask(signal: AbortSignal): Promise<Said> {
    try {
      const [row] = (await this.#api.ask(question, signal)).rows;
      const one = (name: string): string | undefined => row?.line(name, 200);
      return {
        ...{ organization: one('organization'), account: one('account'), locator: one('locator') },
        ...{ region: one('region'), user: one('user_name'), role: one('role_name'), version: one('version') },
      };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HttpError && /^(refused|missing)$/.test(error.kind)) return {};
      throw error;
    }
  }

  #place({ organization, account, locator, region }: Said): Place {
    const { name, url, environment, instance } = this.#connection;
    const host = accountInHost(new URL(url).hostname);
    const told = organization && account ? accountKey(organization, account) : undefined;
    const key = instance ?? told ?? host ?? addressOf(url);
    const spellings = [host, told, told?.replaceAll('_', '-'), ...(locator ? locatorNames(locator, region) : [])];
    const page = organization && account ? pageOf(organization, account) : undefined;
    return {
      account: key,
      spellings: [...new Set(spellings)].filter((one): one is string => one !== undefined && one !== key),
      source: name,
      ...(page === undefined ? {} : { url: page }),
      ...(environment === undefined ? {} : { environment }),
    };
  }
}

function pageOf(organization: string, account: string): string {
  const parts = [organization, account].map((part) => encodeURIComponent(part.toLowerCase()));
  return `https://app.snowflake.com/${parts.join('/')}`;
}

/**
 * `XY12345` in `AWS_EU_WEST_1` is written `xy12345.eu-west-1` or `xy12345.eu-west-1.aws`; which of both, and the dashes of
 * Azure's regions, Snowflake does not tell (docs.snowflake.com/user-guide/admin-account-identifier, 2026-11).
 */
export function locatorNames(locator: string, region = ''): readonly string[] {
  const own = locator.toLowerCase();
  const [, cloud = '', place = ''] = /(?:^|\.)(AWS|GCP|AZURE)_([A-Z0-9_]{2,60})$/i.exec(region) ?? [];
  if (place === '') return [own];
  const regional = `${own}.${place.toLowerCase().replaceAll('_', '-')}`;
  return [own, regional, `${regional}.${cloud.toLowerCase()}`];
}
