// Prefilter: whether a text can name anything at all, by a look at its letters before it is parsed.
import type { DocumentLanguage } from '../../syntax/languages.ts';

/** What tools write for themselves, and what is kept from other places: no file in them names anything here. */
const machineMade =
  /\/(?:node_modules|site-packages|\.venv|venv|cassettes|__snapshots__|__fixtures__|recordings?|mlruns|dbt_packages|target|\.ipynb_checkpoints)\/|(?:^|\/)(?:package(?:-lock)?|composer|tsconfig[^/]*|manifest|run_results|catalog|partial_parse|semantic_manifest|devcontainer|settings|launch|extensions|biome|renovate|lerna|angular|\.eslintrc|\.prettierrc|\.babelrc|components|openapi[^/]*|swagger[^/]*)\.jsonc?$|(?:^|\/)(?:pnpm-lock|conda-lock|poetry|package-lock|yarn|mkdocs|codecov|\.?readthedocs|dependabot|\.pre-commit-config|\.pre-commit-hooks|\.golangci|CITATION|_config|environment|conda|meta|uv)\.(?:ya?ml|json|lock)$|\.(?:min|lock|schema|snap|geo|map)\.json$/i;

/** Something of this has to be in JSON, which mostly is data. */
const namesSomething =
  /:\/\/|models:\/|runs:\/|dbfs:\/|\/Volumes\/|"(?:task_key|run_name|notebook_task|job_id|query|queries|alert|expr|eventType|entrypoint|command|BucketName|registered_model_name|entity_name|dag_id|trigger_dag_id|experiment_name|sql|MLFLOW_\w+)"/;

/** Recordings. */
const recorded = /\/(?:cassettes|responses|golden|snapshots)\/(?:[^?#]*\/)?[^/]*\.json$/i;

export function mayName(path: string, text: string, language: DocumentLanguage): boolean {
  if (machineMade.test(path)) return false;
  if (language !== 'json') return true;
  if (recorded.test(path)) return false;
  return isVariables(path) || namesSomething.test(text);
}

/** JSON that gives Airflow its variables. */
export function isVariables(path: string): boolean {
  return /(?:^|\/)(?:airflow[-_]?)?variables?[^/]*\.(?:json|ya?ml)$/i.test(path);
}
