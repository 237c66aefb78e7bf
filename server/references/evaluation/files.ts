// Files: what code reads out of a file of settings: YAML, JSON and TOML in the workspace, by `yaml.safe_load`, OmegaConf, Hydra and their like.
import type { Argument, DictEntry, Expression } from '../expression.ts';
import { hydraCall } from '../python/commandLine.ts';
import type { Evaluating } from './evaluating.ts';
import { type Env, textOfSegments, unknown, type Value } from './value.ts';

type Call = Expression & { is: 'call' };
type Keys = readonly (number | string)[];

/** Not written in code: the file that Hydra chose for a group. */
const groupCall = '@group';

/** Last names of the calls that are asked about below; a cheap look first. */
const readers = new Set(
  `safe_load load full_load unsafe_load round_trip_load loads parse from_yaml from_json ModelConfig params_show compose ${hydraCall}
  ${groupCall}`.split(/\s+/),
);
/** What they are handed is a file that is open, or what was read from one. */
const ofHandles =
  /^(?:o?yaml|ruamel\.yaml|ruamel_yaml)\.(?:safe_load|load|full_load|unsafe_load|round_trip_load)$|(?:^|\.)YAML\.load$|^(?:json|ujson|simplejson|orjson|rapidjson|commentjson|json5|hjson|tomllib|tomli|toml|rtoml|pytoml|tomlkit)\.(?:loads?|parse)$/;
/** What they are handed is where the file is (OmegaConf 2.3, python-box 7, MLflow 3, DVC 3, Hydra 1.3; read 2026-11). */
const ofPaths: readonly (readonly [RegExp, Keys])[] = [
  [new RegExp(`^${groupCall}$`), [0]],
  [/(?:^|\.)OmegaConf\.load$/, [0, 'file_']],
  [/(?:^|\.)(?:Config)?Box\.from_(?:yaml|json)$/, ['filename', 1]],
  [/(?:^|\.)ModelConfig$/, ['development_config', 0]],
  [/^anyconfig\.load$/, [0]],
  [/^dvc\.api\.params_show$/, [0]],
];

/** The dict that a call reads from a file of the workspace; undefined when it reads none that is known. */
export function fileRead(evaluator: Evaluating, path: string, { args }: Call, env: Env): Value | undefined {
  if (!readers.has(path.slice(path.lastIndexOf('.') + 1))) return undefined;
  if (ofHandles.test(path)) {
    const given = evaluator.argument(args, [0, 'stream', 'fp', 's'], env);
    const value = given && evaluator.value(given.value, env);
    // `toml.load` takes a path as well.
    const isPath = value?.is === 'text' && path === 'toml.load';
    const file = isPath ? textOfSegments(value.segments) : value && openedAt(evaluator, value);
    return file === undefined ? undefined : fileAt(evaluator, file, env);
  }
  if (path === hydraCall || path === 'hydra.compose') return composed(evaluator, args, env);
  const keys = ofPaths.find(([pattern]) => pattern.test(path))?.[1];
  if (!keys) return undefined;
  const given = evaluator.argument(args, keys, env);
  if (!given) return path === 'dvc.api.params_show' ? fileAt(evaluator, 'params.yaml', env) : undefined;
  const value = evaluator.value(given.value, env);
  return value.is === 'text' ? fileAt(evaluator, textOfSegments(value.segments), env) : undefined;
}

function withEnding(name: string): string {
  return /\.(?:ya?ml|json)$/i.test(name) ? name : `${name}.yaml`;
}

/** Hydra's configuration: its file, and below the name of each group in its `defaults` the file chosen for that. */
function composed(evaluator: Evaluating, args: readonly Argument[], env: Env): Value {
  const text = (keys: Keys): string | undefined => {
    const given = evaluator.argument(args, keys, env);
    const value = given && evaluator.value(given.value, env);
    return value?.is === 'text' ? textOfSegments(value.segments) : undefined;
  };
  const folder = text(['config_path']);
  const name = withEnding(text(['config_name', 0]) ?? 'config');
  const own = fileAt(evaluator, folder === undefined ? name : `${folder}/${name}`, env);
  if (own.is !== 'dict') return own;
  const entry = evaluator.entry(own, 'defaults');
  const defaults = entry && evaluator.value(entry.value, entry.env);
  const groups = defaults?.is === 'list' ? defaults.items.slice(0, mostGroups) : [];
  const entries = groups.flatMap((item) => (item.is === 'dict' ? item.entries : [])).flatMap(groupEntry);
  return { is: 'dict', entries, env: own.env, later: [own] };
}

/** `- db: prod` is the file `db/prod.yaml`; `- db@source: prod` is seen as `source`. */
function groupEntry({ key, value }: DictEntry): readonly DictEntry[] {
  if (key?.is !== 'text' || value.is !== 'text') return [];
  const [group = '', as] = key.value.replace(/^(?:override +)?\/?/, '').split('@');
  const { at } = value;
  const file: Expression = { is: 'text', value: withEnding(`${group}/${value.value}`), at };
  const callee: Expression = { is: 'name', name: groupCall, at };
  const name = as ?? group.slice(group.lastIndexOf('/') + 1);
  return [{ key: { is: 'text', value: name, at }, value: { is: 'call', callee, args: [{ value: file }], at } }];
}

const mostGroups = 50;

const mostHops = 4;
const opens = /^(?:io\.|codecs\.|builtins\.|fsspec\.|smart_open\.)?open(?:\.|$)/;

/** Where a file lies that was opened, and may have been read: `open(path)`, `Path(path).read_text()`. */
function openedAt(evaluator: Evaluating, value: Value): string | undefined {
  let at = value;
  for (let hops = 0; hops < mostHops && at.is === 'instance' && opens.test(at.path); hops++) {
    const { owner }: { owner?: Value } = at;
    if (owner?.is === 'text') return textOfSegments(owner.segments);
    if (owner?.is !== 'instance') {
      const given = evaluator.argument(at.args, [0, 'file', 'filename', 'uri'], at.env);
      const path = given && evaluator.value(given.value, at.env);
      return path?.is === 'text' ? textOfSegments(path.segments) : undefined;
    }
    at = owner;
  }
  return undefined;
}

/**
 * The file of that name whose folder is the one that is asked for; where none is, the only one around. Code often
 * runs where the folders have other names, as in an image.
 */
function fileAt(evaluator: Evaluating, path: string, env: Env): Value {
  const behind = path.lastIndexOf('*');
  const known = path.slice(behind + 1);
  // Of `config_*.yml` nobody knows which it is.
  if (behind >= 0 && !known.includes('/')) return unknown;
  const parts = known.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const name = parts.at(-1);
  if (name === undefined) return unknown;
  const placed = evaluator.modules.settings(env.uri, 'file', name);
  const end = `/${parts.slice(-2).join('/')}`;
  const fitting = placed.filter(({ uri }) => uri.endsWith(end));
  const [one] = fitting.length > 0 ? fitting : placed;
  if (!one || Math.max(fitting.length, fitting.length > 0 ? 0 : placed.length) > 1) return unknown;
  return evaluator.value(one.setting.value, { uri: one.uri, scope: 0, line: 0, blockLine: one.setting.line });
}
