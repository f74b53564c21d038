declare module "dompurify-fixtures/test/fixtures/expect.js" {
  const fixtures: { payload: string }[];
  export default fixtures;
}
