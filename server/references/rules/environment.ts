// Environment: variables whose value names something, in whatever file gives it.
import type { EntityKind } from '../../catalog/entity.ts';
import type { Role } from '../reference.ts';

export interface EnvironmentName {
  readonly name: string;
  readonly tool: string;
  readonly kind: EntityKind;
  readonly role: Role;
  readonly read?: 'modelOrName';
}

/** MLflow's own (mlflow/environment_variables.py, read 2026-11), and what everybody calls a registered model. */
export const environmentNames: readonly EnvironmentName[] = [
  { name: 'MLFLOW_EXPERIMENT_NAME', tool: 'mlflow', kind: 'experiment', role: 'mentions' },
  { name: 'MLFLOW_RUN_ID', tool: 'mlflow', kind: 'run', role: 'mentions' },
  { name: 'MLFLOW_REGISTERED_MODEL_NAME', tool: 'mlflow', kind: 'model', role: 'mentions', read: 'modelOrName' },
  { name: 'REGISTERED_MODEL_NAME', tool: 'mlflow', kind: 'model', role: 'mentions', read: 'modelOrName' },
  { name: 'MLFLOW_MODEL_NAME', tool: 'mlflow', kind: 'model', role: 'mentions', read: 'modelOrName' },
];
