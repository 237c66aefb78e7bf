// Secrets: what of a submission may be kept: never the value of an environment variable, nothing that a command line or metadata calls secret.

const named = /pass|pwd|token|secret|key|cred|auth|dsn|conn|cookie|private|webhook|salt|session/i;
/** What stands in the place of a secret. */
export const hidden = '•••';
/** Values shorter than this are words of their own in too many places. */
const shortest = 4;
const most = 50_000;

export function isSecretName(name: string): boolean {
  return named.test(name);
}

/** A text without these values, whatever follows an option or a variable of a secret's name, and what stands in addresses. */
export function covering(secrets: readonly string[]): (text: string) => string {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= shortest).sort((a, b) => b.length - a.length);
  return (text) => {
    let result = text.slice(0, most);
    for (const secret of known) result = result.replaceAll(secret, hidden);
    return result
      .replace(/(?<=:\/\/)[^\s/@]{1,500}(?=@)/g, hidden)
      .replace(
        /([?&][\w.-]{0,60}(?:sig|token|key|secret|pass|credential|auth)[\w.-]{0,60}=)[^\s&#'"]{1,2000}/gi,
        `$1${hidden}`,
      )
      .replace(/\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g, hidden)
      .replace(
        /(^|[\s;'"])((?:--?)?[A-Za-z][\w.-]{0,60})([= ]\s{0,3})("[^"\n]{0,500}"|'[^'\n]{0,500}'|[^\s;'"]{1,500})/g,
        optionCovered,
      );
  };
}

/** `--api-key abc`, `DB_PASSWORD=abc`; a word without `--` and without `=` is no option. */
function optionCovered(whole: string, before: string, name: string, sign: string): string {
  const isOption = name.startsWith('-') || sign.startsWith('=');
  return isOption && named.test(name) ? `${before}${name}${sign}${hidden}` : whole;
}
