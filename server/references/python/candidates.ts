// Candidates: which texts are worth evaluating as addresses, judged by how they begin; and what a call's name says it does.
import { beginsLikeAddress } from '../addresses.ts';
import { type Argument, type Expression, eachCall } from '../expression.ts';
import type { Role } from '../reference.ts';

const constant = /^_*[A-Z][A-Z0-9_]*$/;
const reading = /^(read|load|get|fetch|download|open|scan|list|head)(_|$|[A-Z])/;
const writing = /^(write|save|dump|put|upload|store|to)(_|$|[A-Z])/;
const telling = /^(debug|info|warn|warning|error|exception|critical|log|print|echo|echo_via_pager)$/;

/** Classes that are told of a task that is made elsewhere, and stand-ins in tests. */
const taskless = /(Mock|Instance|Namespace|XCom|Key|Event|Request|Response|Log|Info|State|Record)$/;

/** `BashOperator(task_id=…)`, `BashOperator.partial(task_id=…)`, `fit.override(task_id=…)`. */
export function makesTask(callee: string): boolean {
  return (/^_*[A-Z]/.test(callee) && !taskless.test(callee)) || callee === 'partial' || callee === 'override';
}

/** Classes whose objects are put together by `/`. */
export function isPathClass(name: string): boolean {
  return /^(Path|PurePath|PurePosixPath|S3Path|GSPath|CloudPath|AnyPath|UPath|ObjectStoragePath)$/.test(name);
}

/** Methods of texts, lists, dicts and files, and what tells, tests or converts: no function that hands names on. */
const common = new Set(
  `abs add add_argument all any append argument assert assert_called_with basicConfig bool capitalize cast close copy count
  critical debug decode defaultdict deque dict dir echo encode endswith enumerate error exception exit extend field filter find
  findall fillna float format fromisoformat get getLogger getattr getenv getfixturevalue group groupby hasattr helper
  index info input insert int isinstance issubclass items join keys len list log lower lstrip map mark match max min
  next option parametrize parse_args pop print range raises replace repr reshape rsplit rstrip search set setattr setdefault
  skip skipif sleep sort sorted split startswith str strftime strip strptime sub sum super title to tuple type update
  upper usefixtures values warn warning zip`.split(/\s+/),
);
/** Packages whose functions no workspace wraps under their own name. */
const foreign = new Set(
  `np numpy pd pandas plt os re sys json logging logger log math random time datetime torch nn tf keras sns pytest mock typing
  click st ast shutil subprocess itertools collections argparse parser`.split(/\s+/),
);
const carrying =
  /(^|_)(name|id|table|model|path|uri|url|bucket|key|prefix|experiment|dataset|schema|topic|endpoint|job|dag)s?(?:_?\d{1,2})?$/i;

/** `create_dag(region)`: what is made is named by what is handed to it, whatever that is called. */
const making =
  /^(create|make|build|generate|register)_\w*(dag|table|model|job|task|flow|pipeline|experiment|bucket|endpoint)s?$/;

/** Whether a function of the workspace, if it is one, is handed something that may be a name. */
export function mayHandNames(callee: Expression, args: readonly Argument[]): boolean {
  if (args.length === 0 || !mayBeOwn(callee)) return false;
  if (args.some(({ value }) => mayBeName(value, 0))) return true;
  return 'name' in callee && making.test(callee.name) && args.some(({ value }) => value.is === 'name');
}

/** Whether the callee may be a function of the workspace. */
export function mayBeOwn(callee: Expression): boolean {
  if ((callee.is !== 'name' && callee.is !== 'attribute') || common.has(callee.name)) return false;
  let root: Expression = callee;
  while (root.is === 'attribute') root = root.of;
  return root.is !== 'name' || root === callee || !foreign.has(root.name);
}

function mayBeName(value: Expression, depth: number): boolean {
  switch (value.is) {
    case 'text':
      return value.value.length <= 300 && /^[\w./:@-]{2,}$/.test(value.value) && /[A-Za-z]/.test(value.value);
    case 'join':
    case 'path':
    case 'format':
      return true;
    case 'name':
    case 'attribute':
      return constant.test(value.name) || carrying.test(value.name);
    case 'subscript':
      return value.key.is === 'text' && carrying.test(value.key.value);
    case 'call':
      // A variable of a comprehension; a key or a path that another function makes.
      return 'name' in value.callee && (value.callee.name === eachCall || carrying.test(value.callee.name));
    case 'list':
      return depth < 2 && value.items.slice(0, 20).some((item) => mayBeName(item, depth + 1));
    case 'dict':
      return depth < 2 && value.entries.slice(0, 20).some((entry) => mayBeName(entry.value, depth + 1));
    default:
      return false;
  }
}

/** Undefined when the name says nothing. */
export function verbRole(name: string): Role | undefined {
  if (reading.test(name)) return 'reads';
  return writing.test(name) ? 'writes' : undefined;
}

/** A URL with the name of an endpoint in it, whatever it is kept in. */
export function isServingUrl(expression: Expression): boolean {
  switch (expression.is) {
    case 'text':
      return expression.value.includes('/serving-endpoints/');
    case 'join':
      return expression.parts.slice(0, 20).some((part) => part.is === 'text' && isServingUrl(part));
    case 'format':
      return expression.template.is === 'text' && isServingUrl(expression.template);
    default:
      return false;
  }
}

/** `call`: last name of the call it is handed to; only there a variable by itself carries a name. */
export function isAddressLike(expression: Expression, call: string | undefined): boolean {
  switch (expression.is) {
    case 'text':
      return beginsLikeAddress(expression.value);
    case 'join':
    case 'path':
      return isAddressStart(expression.parts[0], expression.parts.slice(1));
    case 'format':
      return isAddressLike(expression.template, undefined);
    case 'name':
    case 'attribute':
      return call !== undefined && !telling.test(call) && isCarrier(expression.name, call);
    case 'call':
      return (
        call !== undefined && moving.test(call) && 'name' in expression.callee && giving.test(expression.callee.name)
      );
    case 'subscript':
      return call !== undefined && moving.test(call) && isNamed(expression);
    default:
      return false;
  }
}

/** Constants anywhere; other variables only where the call says that it reads or writes what they name. */
function isCarrier(name: string, call: string): boolean {
  return constant.test(name) || moving.test(call) || (verbRole(call) !== undefined && addressed.test(name));
}

/** `PATHS["raw"]`, `config["output_path"]` */
function isNamed({ of, key }: Expression & { is: 'subscript' }): boolean {
  if (key.is === 'text' && addressed.test(key.value)) return true;
  return (
    (of.is === 'name' || of.is === 'attribute') &&
    (constant.test(of.name) || /(path|uri|url|location)s$/i.test(of.name))
  );
}

/** What these take first is most often where something lies. */
const moving = /^(read|load|open|scan|download|write|save|upload|to)(_|$)/;
const giving = /(^|_)(uri|url|path|prefix|location|folder|dir)(_|$)/i;
const addressed = /(^|_)(uri|url|path|target|source|prefix|location|destination|dest|output|input)$/i;

function isAddressStart(first: Expression | undefined, rest: readonly Expression[]): boolean {
  if (!first) return false;
  if (first.is === 'hole') return isAddressStart(first.of, rest);
  if (first.is === 'text') return beginsLikeAddress(first.value) || (rest.length > 0 && first.value === '');
  if (first.is === 'join' || first.is === 'format' || first.is === 'path') return isAddressLike(first, undefined);
  if (first.is === 'call' && 'name' in first.callee && isPathClass(first.callee.name))
    return isAddressStart(first.args[0]?.value, [...first.args.slice(1).map(({ value }) => value), ...rest]);
  if (first.is === 'name' || first.is === 'attribute' || first.is === 'subscript' || first.is === 'call') {
    if ('name' in first && constant.test(first.name)) return true;
    return rest.some((part) => part.is === 'text' && part.value.includes('/'));
  }
  return false;
}
