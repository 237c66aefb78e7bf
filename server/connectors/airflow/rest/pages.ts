// Pages: where each generation of the API shows a DAG, a run and a try to a person (3.3.2, 2.10.5; 2026-11-23).
import type { Generation } from './api.ts';

export interface Pages {
  dag(dag: string): string;
  task(dag: string, task: string): string;
  run(dag: string, run: string): string;
  attempt(dag: string, run: string, task: string, map: number, attempt: number): string;
}

/** `url` is the address of the connection. */
export function pagesOf(url: string, generation: Generation): Pages {
  const base = url.replace(/\/+$/, '');
  const part = encodeURIComponent;
  if (generation === 'v2') {
    const run = (dag: string, id: string) => `${base}/dags/${part(dag)}/runs/${part(id)}`;
    return {
      dag: (dag) => `${base}/dags/${part(dag)}`,
      task: (dag, task) => `${base}/dags/${part(dag)}/tasks/${part(task)}`,
      run,
      attempt: (dag, id, task, map, attempt) =>
        `${run(dag, id)}/tasks/${part(task)}${map >= 0 ? `/mapped/${map}` : ''}?try_number=${attempt}`,
    };
  }
  const grid = (dag: string) => `${base}/dags/${part(dag)}/grid`;
  return {
    dag: grid,
    task: (dag, task) => `${grid(dag)}?task_id=${part(task)}`,
    run: (dag, id) => `${grid(dag)}?dag_run_id=${part(id)}`,
    attempt: (dag, id, task, map) =>
      `${grid(dag)}?dag_run_id=${part(id)}&task_id=${part(task)}&map_index=${map}&tab=logs`,
  };
}
