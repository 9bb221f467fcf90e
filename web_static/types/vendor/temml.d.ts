/** Formulas as MathML. */
declare const temml: {
  ParseError: ErrorConstructor;
  renderToString(expression: string, options: { displayMode: boolean; throwOnError: boolean; maxExpand: number }): string;
};
export default temml;
