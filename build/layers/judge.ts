import { builtinModules } from 'node:module';
import path from 'node:path';
import type { ImportSite } from './imports.ts';
import type { Layer } from './rules.ts';
import { LAYERS, WORKSHOP } from './rules.ts';

/**
 * Says what is wrong with one import, by the import law.
 *
 * @param file the importing file, which has an owner, relative to the repository, `/` between its parts
 * @returns the rule that is broken and what to do, or null when the import is allowed
 */
export function judge(file: string, site: ImportSite): string | null {
  const layer = layerOf(file);
  if (layer === undefined) return null; // The workshop may import anything.
  if (site.specifier === null) {
    return 'the name of an imported module must be a plain string, so that the import law can be checked. Write it out.';
  }
  return site.specifier.startsWith('.')
    ? judgeFile(file, layer, site.specifier, site.typeOnly)
    : judgePackage(layer, site.specifier);
}

/** Whether a file lies in a layer or in the workshop. */
export function hasOwner(file: string): boolean {
  return layerOf(file) !== undefined || WORKSHOP.some((folder) => isUnder(file, folder));
}

function layerOf(file: string): Layer | undefined {
  return LAYERS.find(({ folder }) => isUnder(file, folder));
}

function judgeFile(file: string, layer: Layer, specifier: string, typeOnly: boolean): string | null {
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
  if (target.startsWith('..')) return `${specifier} lies outside the repository. Import a package, or move the file in here.`;
  const workshop = WORKSHOP.find((folder) => isUnder(target, folder));
  if (workshop !== undefined) return `nothing may import ${workshop}. Move what both need into ${layer.folder}.`;
  if ([layer.folder, ...layer.folders].some((folder) => isUnder(target, folder))) return null;
  const typesOnly = layer.typesOf?.find((folder) => isUnder(target, folder));
  if (typesOnly !== undefined) {
    return typeOnly ? null : `${layer.folder} may import only types of ${typesOnly}. Write \`import type\`, or inject the value.`;
  }
  const whatToDo = isUnder(target, 'core/engine')
    ? 'Talk to the engine by message; rules that both need belong in core/photo.'
    : `Move what is shared to where ${layer.folder} may reach it, or let the host inject it.`;
  return `${layer.folder} may not import ${target} (allowed: ${listed([...layer.folders, ...layer.packages])}). ${whatToDo}`;
}

function judgePackage(layer: Layer, specifier: string): string | null {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    if (layer.node) return null;
    return `${layer.folder} runs everywhere and may not import ${specifier}. Pass in what it needs, or move the code out of ${layer.folder}.`;
  }
  const name = packageName(specifier);
  if (layer.packages.includes(name)) return null;
  const owners = LAYERS.filter(({ packages }) => packages.includes(name)).map(({ folder }) => folder);
  const whatToDo =
    owners.length > 0
      ? `Move the code to ${owners.join(' or ')}.`
      : 'Do without it, or propose it for a layer in build/layers/rules.ts (CONTRIBUTING.md, "Adding a dependency").';
  return `${layer.folder} may not import the package ${name} (allowed: ${listed(layer.packages)}). ${whatToDo}`;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isUnder(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'nothing but its own files' : names.join(', ');
}
