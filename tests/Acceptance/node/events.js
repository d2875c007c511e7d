// Prints the stories that it hears of, one id a line. It reaches the server through a proxy that the test cuts off, and resumes by itself.
import { EventSource } from 'eventsource';

const [url, token] = [process.env.EVENTS_URL, process.env.EVENTS_TOKEN];
const source = new EventSource(url, {
  fetch: (input, init) => fetch(input, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
});
source.onopen = () => console.log('open');
source.onmessage = (message) => {
  const event = JSON.parse(message.data);
  console.log(event.type === 'story.posted' ? `posted ${event.storyId}` : event.type);
};
