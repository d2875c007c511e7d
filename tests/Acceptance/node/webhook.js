// Takes what a webhook sends and prints what the verifier of the Standard Webhooks convention makes of it. The first message it answers with 500.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

let taken = 0;
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const id = request.headers['webhook-id'];
  try {
    const { type, data } = new Webhook(readFileSync('secret', 'utf8').trim()).verify(body, request.headers);
    console.log(`verified ${type} ${data.storyId} ${id}`);
  } catch (fault) {
    console.log(`refused ${id}: ${fault.message}`);
  }
  response.writeHead(taken++ === 0 ? 500 : 204).end();
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
