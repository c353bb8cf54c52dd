/*
 * Two kinds of properties need no comment of their own: the entries of a constant table (codes with their meanings, currencies with their exponents), and the parts
 * of a shape that is written out within the type or field it belongs to (`{ readonly from: string; readonly to: string }`), which that type or field documents.
 * Everything else that is public does, and the API reference fails without it.
 */
import { Comment, Converter, ReflectionKind } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const reflection of context.project.getReflectionsByKind([ReflectionKind.Property, ReflectionKind.CallSignature])) {
      if (reflection.comment !== undefined) continue;
      if (belongsToTable(reflection)) reflection.comment = new Comment([{ kind: 'code', text: `\`${String(reflection.type ?? reflection.name)}\`` }]);
      else if (belongsToShape(reflection)) reflection.comment = new Comment([{ kind: 'text', text: 'See the type that this shape belongs to.' }]);
    }
  });
}

/** @param {import('typedoc').Reflection} reflection */
function belongsToTable(reflection) {
  for (let parent = reflection.parent; parent !== undefined; parent = parent.parent) {
    if (parent.kindOf(ReflectionKind.Variable)) return true;
    if (!parent.kindOf([ReflectionKind.TypeLiteral, ReflectionKind.Property])) return false;
  }
  return false;
}

/** @param {import('typedoc').Reflection} reflection */
function belongsToShape(reflection) {
  for (let parent = reflection.parent; parent !== undefined; parent = parent.parent) {
    if (parent.name === '__type' && parent.kindOf(ReflectionKind.TypeLiteral)) return true;
    if (!parent.kindOf([ReflectionKind.TypeLiteral, ReflectionKind.Method, ReflectionKind.Property])) return false;
  }
  return false;
}
