namespace StoriesCli.Tui.App;

/// <summary>Applies what the server says about connection, tray and stories.</summary>
internal static class ServerUpdate
{
    // It has to be read, and perhaps copied.
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(1);

    public static Model Apply(Model model, ServerMsg msg) =>
        msg switch
        {
            ServerMsg.SignedIn account => AccessNotices.Warn(
                model with
                {
                    Session = model.Session with { Me = account.Handle, Role = account.Role },
                },
                account
            ),
            ServerMsg.Retrying => model.Link.Connection == Connection.Offline
                ? model with
                {
                    Link = model.Link with { Connection = Connection.Reconnecting },
                }
                : model,
            ServerMsg.ConnectionLost lost => model with
            {
                Link = model.Link with
                {
                    Connection = model.Link.Connection == Connection.Live ? Connection.Reconnecting : Connection.Offline,
                    Error = lost.Reason,
                },
            },
            ServerMsg.SignedOut refused => model.Link.Connection == Connection.SignedOut
                ? model
                : (model with { Link = model.Link with { Connection = Connection.SignedOut, Error = refused.Reason } }).Notify(
                    $"Signed out: {refused.Reason.TrimEnd('.')}. {model.Session.SignInAdvice}",
                    _long
                ),
            ServerMsg.Connected => model.Link.Connection == Connection.SignedOut
                ? model with
                {
                    Link = model.Link with { Connection = Connection.Reconnecting, Error = null },
                }
                : model,
            ServerMsg.TrayArrived tray => TrayUpdate.Tray(Online(model), tray.Items),
            ServerMsg.TrayFailed failed => model.Link.Connection == Connection.SignedOut
                ? model
                : model with
                {
                    Link = model.Link with { Connection = Connection.Offline, Error = failed.Reason },
                },
            ServerMsg.EventArrived arrived => EventUpdate.Apply(model, arrived.Event),
            ServerMsg.EventsMissed => EventUpdate.Reload(model),
            ServerMsg.StoriesArrived stories => TrayUpdate.Stories(model, stories),
            ServerMsg.DetailsArrived arrived => Details.Load(model, arrived),
            ServerMsg.StoryGone gone => EventUpdate.Remove(model, gone.StoryId),
            // Those that request look at each new model.
            ServerMsg.RetryDue => model with { },
            _ => model,
        };

    private static Model Online(Model model) =>
        model is { Link.Connection: Connection.SignedOut } or { Link.Connection: Connection.Live, Link.TrayStale: false }
            ? model
            : model with
            {
                Link = model.Link with { Connection = Connection.Live, Error = null, TrayStale = false },
                Loaded = model.Loaded with
                {
                    Pictures = model.Loaded.Pictures.RemoveRange(
                        model.Loaded.Pictures.Where(p => p.Value.Blocks is null).Select(p => p.Key)
                    ),
                    Recordings = model.Loaded.Recordings.RemoveRange(
                        model.Loaded.Recordings.Where(r => r.Value.Recording is null).Select(r => r.Key)
                    ),
                },
            };
}
