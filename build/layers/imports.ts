import ts from 'typescript';

/** One import, export-from, `import()` or `require()` in a source file. */
export interface ImportSite {
  /** What is imported, as written; null when it is computed, so that no rule can be applied to it. */
  readonly specifier: string | null;
  /** Line in the file, from 1. */
  readonly line: number;
  /** Whether it vanishes when types are stripped. */
  readonly typeOnly: boolean;
}

/**
 * Finds every import of a source file with TypeScript's own parser, so that comments and strings never count.
 *
 * @param fileName decides the language by its extension
 * @param text the source
 */
export function importsOf(fileName: string, text: string): ImportSite[] {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const sites: ImportSite[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean): void => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    const text = specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : null;
    sites.push({ specifier: text, line: line + 1, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      add(node, node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node, node.moduleReference.expression, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && isImportCall(node.expression)) {
      add(node, node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sites;
}

function isImportCall(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === 'require';
  // createRequire(import.meta.url)('package')
  if (ts.isCallExpression(callee)) return callee.expression.getText() === 'createRequire';
  return ts.isPropertyAccessExpression(callee) && callee.expression.getText() === 'require' && callee.name.text === 'resolve';
}
