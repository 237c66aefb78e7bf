// Models: machine-learning models that live only in a store, of the files that runs wrote; pure.
import type { SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId, pathId } from '../../catalog/entity.ts';
import type { Facts } from '../../catalog/facts.ts';
import { type StoreModel, storeModel } from '../../catalog/storeModels.ts';
import { dataOf } from './datasets.ts';
import { jobIdOf } from './entities.ts';
import type { Lineage, RunState } from './said/lineage.ts';

export function modelsOf(run: RunState, lineage: Lineage): readonly StoreModel[] {
  return [...run.outputs.keys()].flatMap((key) => {
    const dataset = lineage.datasets.get(key);
    return (dataset && storeModel(dataOf(dataset).exact)) ?? [];
  });
}

/** A model and its versions for each file that a run wrote as one. */
export function storeModelPage(lineage: Lineage): {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
} {
  const models = new Map<EntityId, { readonly model: StoreModel; latest: StoreModel; at: number }>();
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  const runs = [...lineage.runs.values()].sort((a, b) => a.at - b.at);
  for (const run of runs) {
    const job = lineage.jobs.get(run.job.value);
    for (const model of job ? modelsOf(run, lineage) : []) {
      const known = models.get(model.model) ?? { model, latest: model, at: run.at };
      known.latest = model;
      models.set(model.model, known);
      const madeBy = entityId('run', 'openlineage', job?.namespace ?? '', run.id);
      const name = `${model.uri}${model.versionName}`;
      const facts: Facts = { madeBy, createdAt: run.ended?.when.at ?? run.at, artifactUri: name };
      entities.push({ id: model.version, kind: 'version', name, facts });
      edges.push({
        from: model.model,
        to: model.version,
        relation: 'contains',
        origin: 'matched',
        evidence: 'the key of a model file',
      });
      if (job) {
        const evidence = `OpenLineage run ${run.id} wrote a model file`;
        edges.push({ from: jobIdOf(job), to: model.model, relation: 'made', origin: 'reported', evidence });
      }
    }
  }
  for (const { model, latest } of models.values()) {
    const evidence = 'the files below this path are model files';
    edges.push({ from: pathId(model.uri), to: model.model, relation: 'same', origin: 'matched', evidence });
    entities.push({
      id: model.model,
      kind: 'model',
      name: model.uri,
      aliases: [model.uri.slice(0, -1)],
      facts: { latestVersion: latest.versionName, artifactUri: model.uri },
    });
  }
  return { entities, edges };
}
