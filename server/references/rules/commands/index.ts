// All command lines: the tables put together, by the name of the program; and the variables whose values are names.
import type { EntityKind } from '../../../catalog/entity.ts';
import type { Program } from './command.ts';
import { dataPrograms } from './data.ts';
import { mlPrograms } from './ml.ts';

export const programs: ReadonlyMap<string, Program> = new Map(
  [...mlPrograms, ...dataPrograms].flatMap((program) => program.names.map((name) => [name, program] as const)),
);

interface NamingVariable {
  readonly name: string;
  readonly kind: EntityKind;
  readonly tool: string;
}

/** Environment variables that the tools themselves read a name from (from memory). */
const variables: readonly NamingVariable[] = [
  { name: 'MLFLOW_EXPERIMENT_NAME', kind: 'experiment', tool: 'mlflow' },
  { name: 'MLFLOW_RUN_ID', kind: 'run', tool: 'mlflow' },
  { name: 'SAGEMAKER_ENDPOINT_NAME', kind: 'endpoint', tool: 'sagemaker' },
];

export const namingVariables: ReadonlyMap<string, NamingVariable> = new Map(
  variables.map((variable) => [variable.name, variable]),
);

/** All that the readers of command lines depend on, for the hash of the rules. */
export const commandTables: readonly unknown[] = [mlPrograms, dataPrograms, variables];
