/** @file Main process: what was written into this copy when it was built. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { LinkTargets } from './links.ts';

const metadataSchema = z.object({
  version: z.string(),
  /** Name by which Windows groups windows and notifications. */
  appId: z.string().optional(),
  homepage: z.string().optional(),
  bugs: z.object({ url: z.string() }).optional(),
});

/** What is absent was not given when it was built. */
export interface Metadata {
  readonly version: string;
  readonly appId: string | null;
  readonly links: LinkTargets;
}

/** From the program's `package.json`. Throws when there is none, which is a broken installation. */
export function readMetadata(path: string): Metadata {
  const { version, appId, homepage, bugs } = metadataSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return { version, appId: appId ?? null, links: { website: homepage ?? null, issues: bugs?.url ?? null } };
}
