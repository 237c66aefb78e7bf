// Addresses of pages in MLflow's own UI.
import type { Links } from '../entities.ts';

/** Routes of the UI's hash router; looked up in the scripts that 3.17 and 2.22 serve, 2026-11-23. `url` is the connection's. */
export function linksOf(url: string, workspace?: string): Links {
  const base = `${url.replace(/\/+$/, '')}/#`;
  const at = (...segments: readonly string[]) =>
    `${base}/${segments.map((segment) => encodeURIComponent(segment.toWellFormed())).join('/')}${workspace ? `?workspace=${encodeURIComponent(workspace)}` : ''}`;
  return {
    model: (name) => at('models', name),
    version: (model, version) => at('models', model, 'versions', version),
    experiment: (id) => at('experiments', id),
    run: (experimentId, id) => at('experiments', experimentId, 'runs', id),
  };
}
