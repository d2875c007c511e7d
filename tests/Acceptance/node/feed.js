// Reads the feed at FEED_URL and the playlist at LIST_URL with parsers that others wrote, and prints what they make of them.
import { parseFeed } from '@rowanmanning/feed-parser';
import playlists from 'iptv-playlist-parser';

const feed = parseFeed(await (await fetch(process.env.FEED_URL)).text());
const list = playlists.parse(await (await fetch(process.env.LIST_URL)).text());
const size = async (url) => (await (await fetch(url)).arrayBuffer()).byteLength;

console.log(JSON.stringify({
  type: feed.meta.type,
  version: feed.meta.version,
  title: feed.title,
  items: await Promise.all(feed.items.map(async ({ id, title, authors, published, updated, content, categories, media }) => ({
    id, title, published, updated, content,
    authors: authors.map(({ name }) => name),
    categories: categories.map(({ term }) => term),
    media: await Promise.all(media.map(async ({ url, mimeType, length }) => ({ mimeType, length, fetched: await size(url) }))),
  }))),
  list: await Promise.all(list.items.map(async ({ name, url }) => ({ name, fetched: await size(url) }))),
}));
