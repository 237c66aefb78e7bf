// Stages: which folder of a store an external stage stands for, by SHOW, which needs no warehouse.

import type { ObjectName } from '../ids.ts';
import { ifListed, type Poll } from '../poll.ts';
import { keyOf } from './scan.ts';
import { objectName } from './shapes.ts';

/** Its address, without a slash at the end; undefined for an internal one and one that is not known. */
export type StageUrls = (stage: ObjectName) => string | undefined;

const longest = 1_000;

/** One question for all of them (docs.snowflake.com/sql-reference/sql/show-stages, read 2026-11-24). What cannot be listed stays as it was. */
export async function stagesPart(poll: Poll): Promise<void> {
  const shown = await ifListed(poll, 'stages', 'SHOW STAGES IN ACCOUNT');
  if (!shown) return;
  const found = shown.rows.flatMap((row) => {
    const [name, url] = [objectName(row), row.raw('url')];
    const isPlace = url !== undefined && url.length <= longest && /^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.test(url);
    return name && isPlace ? [[keyOf(name), url.replace(/\/+$/, '')] as const] : [];
  });
  poll.memory.stages = new Map(found);
}

export function stageUrls({ stages }: Poll['memory']): StageUrls {
  return (stage) => stages?.get(keyOf(stage));
}
