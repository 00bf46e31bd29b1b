import ts from 'typescript';

/** What the rules of the house look for in a source file. Comments are not source. */
export type Sighting = 'process' | 'reveal' | 'timer' | 'vendor' | 'module-state' | 'not-ascii' | 'class-identity' | 'key-pair';

/** Files that are loaded on their own hold a copy each of these classes. */
const COPIED: ReadonlySet<string> = new Set(['Failure', 'Secret']);

/** What makes key pairs, from Node and from packages. */
const MAKES_KEY_PAIRS = /^(generateKeyPair(Sync)?|generateKey|random(DPoP)?KeyPair)$/;

const TIMERS: ReadonlySet<string> = new Set(['setTimeout', 'setInterval', 'setImmediate', 'node:timers', 'node:timers/promises']);

/** Parts of `process` that say nothing about how the program was called and end only the process itself. */
const HARMLESS: ReadonlySet<string> = new Set(['pid', 'kill', 'execPath']);

/** Gives each sighting in `text` once per line, as `kind: line`. `vendors` are provider ids. */
export function sightings(text: string, vendors: readonly string[]): ReadonlyArray<{ readonly kind: Sighting; readonly line: number }> {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);
  const found: Array<{ kind: Sighting; line: number }> = [];
  const see = (kind: Sighting, node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    if (!found.some((each) => each.kind === kind && each.line === line)) found.push({ kind, line });
  };
  const vendor = new RegExp(`^(${vendors.join('|')})(_[a-z_]+)?$`, 'i');

  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'process' && usesProcess(node)) see('process', node);
    if (ts.isIdentifier(node) && TIMERS.has(node.text)) see('timer', node);
    if (ts.isIdentifier(node) && MAKES_KEY_PAIRS.test(node.text)) see('key-pair', node);
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'reveal') see('reveal', node.name);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword && COPIED.has(node.right.getText(source)))
      see('class-identity', node);
    if (ts.isStringLiteralLike(node)) {
      if (vendor.test(node.text)) see('vendor', node);
      if (TIMERS.has(node.text)) see('timer', node);
      if (node.text === 'node:process' || node.text === 'process') see('process', node);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement) && (statement.declarationList.flags & ts.NodeFlags.Const) === 0) see('module-state', statement);
  }
  text.split('\n').forEach((line, index) => {
    if (!/^[\t\x20-\x7e\r]*$/.test(line)) found.push({ kind: 'not-ascii', line: index + 1 });
  });
  return found;
}

/** True where an identifier means the global `process` and what is taken from it is not harmless. */
function usesProcess(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node ? !HARMLESS.has(parent.name.text) : !HARMLESS.has(nameAfter(parent));
  const names = ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent) || ts.isQualifiedName(parent);
  return !(names && parent.getChildAt(0) === node);
}

/** For `globalThis.process.env` the name `env`. */
function nameAfter(access: ts.PropertyAccessExpression): string {
  return ts.isPropertyAccessExpression(access.parent) && access.parent.expression === access ? access.parent.name.text : '';
}
