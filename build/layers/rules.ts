/** A place in the tree that the import law speaks of. */
export interface Layer {
  /** Folder relative to the repository, `/` between its parts. */
  readonly folder: string;
  /** Folders whose files may be imported; its own are always allowed. */
  readonly folders: readonly string[];
  /** Folders of which only types may be imported. */
  readonly typesOf?: readonly string[];
  /** npm packages that may be imported. */
  readonly packages: readonly string[];
  /** Whether `node:` modules may be imported. */
  readonly node: boolean;
}

const CORE_OF_HOSTS = ['core/photo', 'core/api', 'core/jobs', 'core/library', 'core/cache', 'core/disk'] as const;
const CORE_BUT_ENGINE = [...CORE_OF_HOSTS, 'core/host'] as const;

/** The import law (ARCHITECTURE.md). A file under none of these folders is refused, so that a new room gets a rule first. */
export const LAYERS: readonly Layer[] = [
  { folder: 'core/photo', folders: [], packages: ['zod'], node: false },
  { folder: 'core/api', folders: ['core/photo'], packages: ['zod'], node: true },
  {
    folder: 'core/engine',
    folders: ['core/photo'],
    packages: ['zod', 'sharp', 'onnxruntime-node', 'libheif-js', '@xmldom/xmldom'],
    node: true,
  },
  { folder: 'core/disk', folders: ['core/photo'], packages: [], node: true },
  { folder: 'core/cache', folders: ['core/photo', 'core/disk'], typesOf: ['core/api'], packages: [], node: true },
  { folder: 'core/jobs', folders: ['core/photo', 'core/disk', 'core/cache'], typesOf: ['core/api'], packages: [], node: true },
  {
    folder: 'core/library',
    folders: ['core/photo', 'core/disk', 'core/cache'],
    typesOf: ['core/api'],
    packages: ['zod'],
    node: true,
  },
  { folder: 'core/host', folders: CORE_OF_HOSTS, packages: ['zod'], node: true },
  { folder: 'cli', folders: CORE_BUT_ENGINE, packages: ['commander', 'ws', 'zod'], node: true },
  { folder: 'electron', folders: CORE_BUT_ENGINE, typesOf: ['renderer/host'], packages: ['electron', 'zod'], node: true },
  {
    folder: 'renderer',
    folders: ['core/photo', 'core/api'],
    packages: ['svelte', 'openseadragon', 'i18next', '@lucide/svelte', 'zod'],
    node: false,
  },
  { folder: 'models', folders: ['core/photo', 'core/engine'], packages: ['zod', 'onnxruntime-node'], node: true },
];

/** Rooms for the people who build: they may import anything, and nothing outside them may import them. */
export const WORKSHOP: readonly string[] = ['build', 'test'];
