// Wrappers: programs whose arguments are another command line: `sudo`, `poetry run`, `python -m`, `bash -c`, `ssh host`, `docker exec`.
import type { CommandWord } from './arguments.ts';

export interface Unwrapped {
  /** The command inside, its program first. */
  readonly words: readonly CommandWord[];
  /** A text of shell instead of words. */
  readonly script?: CommandWord;
  /** Where it runs. */
  readonly host?: CommandWord;
}

/** Options of these that a value follows; what comes then, is the command. */
const prefixes: Readonly<Record<string, string>> = {
  sudo: '-u -g -h -p -C -D -R -T -U --user --group',
  doas: '-u',
  env: '-u -C -S --unset --chdir',
  nohup: '',
  exec: '-a',
  command: '',
  builtin: '',
  time: '-f -o',
  nice: '-n',
  ionice: '-c -n -p',
  setsid: '',
  stdbuf: '-i -o -e',
  xargs: '-I -n -P -L -d -a -E -s --max-args --max-procs --replace',
  chronic: '',
  unbuffer: '',
  caffeinate: '',
  tini: '',
  'dumb-init': '',
  gosu: '',
  watch: '-n',
  npx: '-p',
  uvx: '--from --with --python',
  pipx: '--spec',
  parallel: '-j',
};
/** `poetry run dbt …` */
const runners: Readonly<Record<string, string>> = {
  poetry: '-C --directory -P --project',
  uv: '--with --extra --group --env-file --python -p --directory --project --with-requirements --package',
  pipenv: '',
  pdm: '-p --project',
  hatch: '-e --env',
  rye: '',
  conda: '-n --name -p --prefix --cwd',
  mamba: '-n --name -p --prefix',
  micromamba: '-n --name -p --prefix',
  pixi: '-e --environment --manifest-path',
  doppler: '-p -c --project --config',
  'aws-vault': '',
  op: '--env-file',
  chamber: '',
  dotenv: '-f --file',
};
const shells = new Set(['bash', 'sh', 'zsh', 'dash', 'ksh', 'ash', 'su']);
const sshValues = '-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B';
const containerValues =
  '-e --env --env-file -w --workdir -u --user -f --file -p --project-name --profile -v --volume --name --entrypoint --network -n --namespace -c --container --context --index --rm-opt -l --label --project-directory --volumes-from --mount --platform --publish -p --gpus --memory -m --cpus --shm-size --ulimit --link --hostname -h --add-host --device --ipc --pid --restart --userns --cap-add --security-opt --pull --dns --tmpfs --image';

/** Undefined where the command is its own. */
export function unwrap(words: readonly CommandWord[]): Unwrapped | undefined {
  const name = programName(words[0]?.text ?? '');
  const rest = words.slice(1);
  const values = prefixes[name];
  if (values !== undefined && Object.hasOwn(prefixes, name)) {
    let inner = behindOptions(rest, values);
    if (name === 'pipx' || name === 'gosu') inner = inner.slice(1);
    while (/^[A-Za-z_]\w*=/.test(inner[0]?.text ?? '')) inner = inner.slice(1);
    return { words: inner };
  }
  if (name === 'timeout') return { words: behindOptions(rest, '-k -s --signal --kill-after').slice(1) };
  if (Object.hasOwn(runners, name)) return runner(rest, runners[name] ?? '');
  if (/^(python|pypy|py)[0-9.]*$/.test(name)) return pythonModule(rest);
  if (shells.has(name)) return shellText(rest);
  if (name === 'eval') return rest[0] && { words: [], script: rest[0] };
  if (name === 'ssh') return remote(rest);
  if (/^(docker|podman|nerdctl|kubectl|oc|docker-compose)$/.test(name)) return container(rest);
  return undefined;
}

/** `/usr/local/bin/aws` and `.venv/bin/dbt` are programs by their last name. */
export function programName(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

function behindOptions(words: readonly CommandWord[], values: string): readonly CommandWord[] {
  let at = 0;
  while (at < words.length) {
    const text = words[at]?.text ?? '';
    if (text === '--') return words.slice(at + 1);
    if (!text.startsWith('-')) break;
    at += ` ${values} `.includes(` ${text} `) ? 2 : 1;
  }
  return words.slice(at);
}

function runner(words: readonly CommandWord[], values: string): Unwrapped | undefined {
  const [first, ...rest] = behindOptions(words, values);
  if (!/^(run|exec|runx)$/.test(first?.text ?? '')) return undefined;
  return { words: behindOptions(rest, values) };
}

function pythonModule(words: readonly CommandWord[]): Unwrapped | undefined {
  const at = words.findIndex(({ text }) => text === '-m' || !text.startsWith('-'));
  return words[at]?.text === '-m' ? { words: words.slice(at + 1) } : undefined;
}

/** `bash -euo pipefail -c "…"` */
function shellText(words: readonly CommandWord[]): Unwrapped | undefined {
  const at = words.findIndex(({ text }) => /^-[a-zA-Z]*c$/.test(text));
  const script = at < 0 ? undefined : words[at + 1];
  return script && { words: [], script };
}

function remote(words: readonly CommandWord[]): Unwrapped {
  const [host, ...command] = behindOptions(words, sshValues);
  const inner = behindOptions(command, sshValues);
  const base = host ? { host } : {};
  const [only] = inner;
  return only && inner.length === 1 ? { ...base, words: [], script: only } : { ...base, words: inner };
}

/** `docker exec -it c cmd`, `docker compose run svc cmd`, `kubectl exec pod -- cmd`. */
function container(words: readonly CommandWord[]): Unwrapped | undefined {
  const outer = behindOptions(words, containerValues);
  const inner = outer[0]?.text === 'compose' ? behindOptions(outer.slice(1), containerValues) : outer;
  if (!/^(exec|run)$/.test(inner[0]?.text ?? '')) return undefined;
  const rest = inner.slice(1);
  const dashes = rest.findIndex(({ text }) => text === '--');
  return { words: dashes >= 0 ? rest.slice(dashes + 1) : behindOptions(rest, containerValues).slice(1) };
}
