// Shell in Python texts: what operators, subprocesses and `@task.bash` are given, and texts that begin like a known command line.
import type { Expression } from '../expression.ts';
import { shellSites, wordSites } from '../shell/commandSites.ts';
import type { Site } from '../summary.ts';

const commandKeyword = /^(bash_command|shell_command|ssh_command|command|commands|dbt_commands|cmd|cmds|entrypoint)$/;
const listKeyword = /^(cmd|cmds|command|entrypoint)$/;
const shellCalls = new Set(
  'system popen getoutput getstatusoutput run call check_call check_output Popen exec_command run_command create_subprocess_shell create_subprocess_exec'.split(
    ' ',
  ),
);
/** What nobody writes but a command line. */
const begins =
  /^\s*(?:(?:sudo|poetry run|uv run|pipenv run|python3? -m|set -[a-z]+(?: ?;| ?&&)?|cd \S{1,200} ?(?:&&|;))\s+)?(?:dbt (?:run|build|test|seed|snapshot|ls) |aws s3 (?:cp|mv|sync|rm|ls) |aws s3api |gsutil |gcloud storage |databricks (?:jobs|bundle|fs) |mlflow (?:models|run|artifacts|deployments|experiments) |airflow (?:dags|tasks) |ray job submit|spark-submit |bq (?:query|load|extract|cp) |snowsql |hdfs dfs |hadoop fs |s5cmd |prefect deployment run )/;
const longestHead = 200;

/** Whether the texts of a list here are the words of one command. */
export function isCommandList(call: string | undefined, keyword: string | undefined): boolean {
  return keyword === undefined ? call !== undefined && shellCalls.has(call) : listKeyword.test(keyword);
}

/** `call` and `keyword`: the last name of the call that the text is handed to, and how it is handed over. */
export function embeddedShell(
  expression: Expression,
  call: string | undefined,
  keyword: string | undefined,
): readonly Site[] {
  if (expression.is === 'list') {
    if (call === 'invoke' && keyword === undefined) return invoked(expression.items);
    return isCommandList(call, keyword) ? wordSites(expression.items) : [];
  }
  const head = headOf(expression);
  if (head === undefined || !/\s/.test(head)) return [];
  const known = keyword === undefined ? call !== undefined && shellCalls.has(call) : commandKeyword.test(keyword);
  return known || begins.test(head) ? shellSites(expression) : [];
}

/** `dbtRunner().invoke(["run", "--select", "orders"])`: https://docs.getdbt.com/reference/programmatic-invocations (read 2026-11). */
function invoked(items: readonly Expression[]): readonly Site[] {
  const [first] = items;
  if (first?.is !== 'text' || !/^(run|build|test|seed|snapshot|ls|list|compile)$/.test(first.value)) return [];
  return wordSites([{ is: 'text', value: 'dbt', at: first.at }, ...items]);
}

/** How the text begins; undefined where it is none. */
function headOf(expression: Expression): string | undefined {
  switch (expression.is) {
    case 'text':
      return expression.value.slice(0, longestHead);
    case 'join': {
      const [first] = expression.parts;
      if (!first) return undefined;
      // A program that is not known by name may still be told what is known.
      return first.is === 'hole' ? ' ' : headOf(first);
    }
    case 'format':
      return headOf(expression.template);
    default:
      return undefined;
  }
}
