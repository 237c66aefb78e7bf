// Serve: applications and deployments of a Ray head as endpoints, and each deployment of an application as a run of it; pure.
import type { CatalogChange, SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { type EntityId, entityId, pathId } from '../../../catalog/entity.ts';
import type { Run, RunStatus } from '../../../catalog/run.ts';
import { said } from '../../json.ts';
import { inSession, place, type RunContext } from './runs.ts';
import type { RayApplication, RayDeployment } from './told/shapes.ts';

const mostLogs = 10;

export function served(applications: readonly RayApplication[], context: RunContext): CatalogChange {
  return {
    entities: applications.flatMap((application) => [
      applicationEntity(application, context),
      ...application.deployments.map((deployment) => deploymentEntity(application, deployment, context)),
      ...application.reads.flatMap((address) => {
        const id = address.startsWith('models:') ? undefined : pathId(address);
        return id === undefined ? [] : [{ id, kind: 'path' as const, name: address }];
      }),
    ]),
    edges: applications.flatMap((application) => edgesOf(application, context)),
    runs: applications.flatMap((application) => deployedRun(application, context) ?? []),
  };
}

function applicationEntity(application: RayApplication, { ids, pages }: RunContext): SeenEntity {
  const { name, status, route, deployedAt, code } = application;
  return {
    id: ids.application(name),
    kind: 'endpoint',
    name,
    facts: said({
      description: `${status}${route === undefined ? '' : ` at ${route}`}`,
      url: pages.application(name),
      updatedAt: deployedAt,
      tags: tagged({ status, route, code }),
      broken: isBroken(status) ? why(application) : undefined,
    }),
  };
}

function deploymentEntity({ name: of }: RayApplication, deployment: RayDeployment, context: RunContext): SeenEntity {
  const { name, status, wanted, replicas, message } = deployment;
  const running = replicas.filter(({ state }) => state === 'RUNNING').length;
  const counted = wanted === undefined ? String(running) : `${running} of ${wanted}`;
  return {
    id: context.ids.deployment(of, name),
    kind: 'endpoint',
    name: `${of}/${name}`,
    // Code names a deployment by itself.
    aliases: [name],
    facts: said({
      description: `${status}, ${counted} ${counted === '1' ? 'replica' : 'replicas'}`,
      url: context.pages.deployment(of, name),
      tags: tagged({ status, replicas: counted }),
      broken: isBroken(status) ? (message ?? status) : undefined,
    }),
  };
}

function tagged(values: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
}

/** Statuses of applications and deployments: ray/serve/schema.py and _private/common.py of 2.60.0, read 2026-11. */
function isBroken(status: string): boolean {
  return status === 'DEPLOY_FAILED' || status === 'UNHEALTHY';
}

/** Of a deployment that failed, since the application only names it. */
function why({ status, message, deployments }: RayApplication): string {
  const broken = deployments.find((each) => isBroken(each.status) && each.message !== undefined);
  if (broken?.message !== undefined) return `${broken.name}: ${broken.message}`;
  return message ?? status;
}

function edgesOf({ name, deployments, reads }: RayApplication, { ids, instances }: RunContext): readonly Edge[] {
  const contains = deployments.map((deployment): Edge => {
    const to = ids.deployment(name, deployment.name);
    return { from: ids.application(name), to, relation: 'contains', origin: 'reported', evidence: 'Ray Serve' };
  });
  const evidence = `the arguments of the Ray Serve application ${name}`;
  const read = reads
    .flatMap((address) => sourcesOf(address, instances.mlflow))
    .map((from): Edge => ({ from, to: ids.application(name), relation: 'reads', origin: 'matched', evidence }));
  return [...contains, ...read];
}

function sourcesOf(address: string, mlflow: readonly string[]): readonly EntityId[] {
  const model = /^models:\/([^/@]{1,300})/.exec(address)?.[1];
  if (model !== undefined) return mlflow.map((instance) => entityId('model', 'mlflow', instance, model));
  return [pathId(address)];
}

/** It stands for how the application is since it was deployed last. Undefined for one that was never deployed. */
function deployedRun(application: RayApplication, context: RunContext): Run | undefined {
  const { name, status, deployedAt, deployments } = application;
  if (deployedAt === undefined) return undefined;
  const replicas = deployments.flatMap(({ replicas, dead }) => [...replicas, ...dead]);
  return said<Run>({
    id: context.ids.deployed(name, deployedAt),
    of: [context.ids.application(name)],
    name: `deployment of ${name}`,
    status: statusOf(status),
    startedAt: deployedAt,
    environment: context.environment,
    entryPoint: application.code,
    message: isBroken(status) ? why(application) : undefined,
    url: context.pages.application(name),
    metrics: [],
    params: inSession(context),
    inputs: [],
    outputs: [],
    logs: replicas
      .flatMap(({ name: replica, node, log }) =>
        node === undefined || log === undefined
          ? []
          : [place({ of: 'file', node, file: log }, `replica ${replica}`, context)],
      )
      .slice(0, mostLogs),
    linked: [],
  });
}

function statusOf(status: string): RunStatus {
  if (isBroken(status)) return 'failed';
  if (status === 'RUNNING') return 'success';
  return status === 'DEPLOYING' || status === 'NOT_STARTED' ? 'running' : 'unknown';
}
