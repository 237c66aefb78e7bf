// Address: whether a text can be the url of a connection, and what to write instead where it cannot.
import { originOf } from '../protocol/connection.ts';

/** Undefined when it can; else what is wrong and what to write. What may be a secret in it is not repeated. */
export function urlMistake(url: string): string | undefined {
  if (url.trim() !== url || url === '') return 'write the address without spaces around it';
  const elsewhere = otherStore(url);
  if (elsewhere) return elsewhere;
  if (!/^https?:\/\//i.test(url)) {
    const guess = `http://${url}`;
    return /^[a-z0-9.-]+(:\d+)?(\/|$)/i.test(url) && URL.canParse(guess)
      ? `it must begin with http:// or https://; write "${guess}"`
      : 'it must begin with http:// or https://, for example "http://localhost:5000"';
  }
  if (!URL.canParse(url) || originOf(url) === undefined)
    return 'this is no address that can be understood; copy it from the browser, for example "https://mlflow.acme.com/prod"';
  const { username, password, search, hash, origin, pathname } = new URL(url);
  const plain = `${origin}${pathname.replace(/\/+$/, '')}`;
  if (username !== '' || password !== '')
    return `user and password do not belong in it, because this file is no place for secrets; write "${plain}" and sign in, or set "credential": "environment"`;
  if (search !== '' || hash !== '')
    return `what follows "${search ? '?' : '#'}" does not belong in it; write "${plain}"`;
  return undefined;
}

/** MLflow tracking URIs that no server answers at. */
export function otherStore(uri: string): string | undefined {
  if (/^(databricks|uc|databricks-uc)(:|$)/i.test(uri))
    return 'MLflow on Databricks is not asked by this version; name the address of an MLflow server of your own';
  const scheme = /^(file|sqlite|postgresql|mysql|mssql|oracle)(?:\+[a-z0-9]+)?:(?!\d+(?:\/|$))/i
    .exec(uri)?.[1]
    ?.toLowerCase();
  if (scheme === 'file' || scheme === 'sqlite')
    return 'a store of files is no server: Plumbline finds it by itself when it is inside the workspace folder; elsewhere serve it with "mlflow server --backend-store-uri …" and write that address';
  if (scheme)
    return 'a database is no server: serve it with "mlflow server --backend-store-uri …" and write that address';
  return undefined;
}
