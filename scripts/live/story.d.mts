// Types of story.mjs for the tests.
export interface Story {
  readonly mlflow: string;
  readonly airflow: string;
  readonly environment: Readonly<
    Record<'PLUMBLINE_CONFIG_DIR' | 'AIRFLOW_API_URL' | 'AIRFLOW_API_USERNAME' | 'AIRFLOW_API_PASSWORD', string>
  >;
}
export function startStory(options: {
  readonly recorded: string;
  readonly workspace: string;
  readonly folder: string;
  readonly report: (message: string) => void;
  readonly stops: (() => Promise<void>)[];
}): Promise<Story>;
