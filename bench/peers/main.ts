// The peer: the objects of dist/ through cdk8s in TypeScript, one ApiObject each, from objects.json beside it.
import { readFileSync } from "fs";
import { join } from "path";
import { ApiObject, App, Chart } from "cdk8s";

const app = new App();
const chart = new Chart(app, "postgresql");
for (const object of JSON.parse(readFileSync(join(__dirname, "objects.json"), "utf8"))) {
  new ApiObject(chart, `${object.kind}-${object.metadata.name}`.toLowerCase(), object);
}
app.synth();
