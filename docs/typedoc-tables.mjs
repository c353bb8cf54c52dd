/*
 * A constant table (codes with their meanings, currencies with their exponents) documents itself: its entries need no comment of their own. Everything else
 * that is public does, and the API reference fails without it.
 */
import { Comment, Converter, ReflectionKind } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const reflection of context.project.getReflectionsByKind(ReflectionKind.Property)) {
      if (reflection.comment !== undefined || !belongsToTable(reflection)) continue;
      reflection.comment = new Comment([{ kind: 'code', text: `\`${String(reflection.type ?? reflection.name)}\`` }]);
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
