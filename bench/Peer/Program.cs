using System.Threading.Channels;
using StoriesCli.Bench.Peer;

// The least that answers a post after its bytes are on the disk: Kestrel, one table, one writer that commits all that wait together.
// Usage: bench-peer FILE PORT
if (args is not [var file, var port])
{
    await Console.Error.WriteLineAsync("bench-peer: FILE and PORT are missing.").ConfigureAwait(false);
    return 2;
}
var waiting = Channel.CreateBounded<(string Body, TaskCompletionSource Done)>(4096);
var writer = new Thread(() => Write(file, waiting.Reader)) { IsBackground = true, Name = "writer" };
writer.Start();

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
var app = builder.Build();
app.Run(async context =>
{
    using var reader = new StreamReader(context.Request.Body);
    var body = await reader.ReadToEndAsync().ConfigureAwait(false);
    var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    await waiting.Writer.WriteAsync((body, done)).ConfigureAwait(false);
    await done.Task.ConfigureAwait(false);
    context.Response.StatusCode = StatusCodes.Status201Created;
    context.Response.ContentType = "application/json";
    await context.Response.WriteAsync(body).ConfigureAwait(false);
});
await app.RunAsync().ConfigureAwait(false);
return 0;

static void Write(string file, ChannelReader<(string Body, TaskCompletionSource Done)> waiting)
{
    using var database = new Sqlite(file);
    var batch = new List<TaskCompletionSource>();
    while (waiting.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
    {
        database.Execute("BEGIN");
        while (batch.Count < 1024 && waiting.TryRead(out var post))
        {
            database.Insert(post.Body);
            batch.Add(post.Done);
        }
        database.Execute("COMMIT");
        batch.ForEach(done => done.SetResult());
        batch.Clear();
    }
}
