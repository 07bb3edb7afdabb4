/** Models before Gemini 3 refuse their own tools, and a schema of the answer, beside functions. */
export function takesToolsBesideFunctions(model: string): boolean {
  return !/gemini-[12](?:\.|-|$)/.test(model);
}
