// StoreModels: machine-learning models that live only in a store, recognised by the file that was written; pure.
import { type EntityId, entityId } from './entity.ts';
import { changingPart } from './keys.ts';

export interface StoreModel {
  /** `model:s3://bucket/churn-lite/`. */
  readonly model: EntityId;
  /** `s3://bucket/churn-lite/`. */
  readonly uri: string;
  readonly version: EntityId;
  /** `2026-11-20`: the part of the key that differs between versions. */
  readonly versionName: string;
}

const modelFile =
  /(^|\/)(model[^/]*|[^/]*\.(joblib|pkl|pickle|pt|pth|onnx|keras|h5|safetensors|bst|ubj|cbm|mlmodel|pmml)|MLmodel)$/i;

/** `model.joblib`, `weights.safetensors`, `MLmodel` …, with or without what stands before it. */
export function isModelFile(key: string): boolean {
  return modelFile.test(key);
}

/**
 * `s3://bucket/churn-lite/2026-11-20/model.joblib` is version `2026-11-20` of `s3://bucket/churn-lite/`.
 * Undefined unless the file's name is a model's and a part of the key is a version.
 */
export function storeModel(uri: string): StoreModel | undefined {
  const match = /^(s3|gs|abfss):\/\/([^/]+)\/(.+)$/.exec(uri);
  if (!match || !modelFile.test(uri)) return undefined;
  const [, scheme = '', bucket = '', key = ''] = match;
  const parts = key.split('/');
  const at = changingPart(parts.slice(0, -1));
  if (at < 1) return undefined;
  const prefix = parts.slice(0, at);
  const versionName = parts[at] ?? '';
  return {
    model: entityId('model', scheme, bucket, ...prefix, ''),
    uri: `${scheme}://${bucket}/${prefix.join('/')}/`,
    version: entityId('version', scheme, bucket, ...prefix, versionName),
    versionName,
  };
}
