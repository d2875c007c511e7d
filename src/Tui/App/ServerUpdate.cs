namespace StoriesCli.Tui.App;

/// <summary>Applies what the server says about connection, tray and stories.</summary>
internal static class ServerUpdate
{
    public static Model Apply(Model model, ServerMsg msg) =>
        msg switch
        {
            ServerMsg.SignedIn account => AccessNotices.Warn(model with { Me = account.Handle, Role = account.Role }, account),
            ServerMsg.Retrying => model.Connection == Connection.Offline ? model with { Connection = Connection.Reconnecting } : model,
            ServerMsg.ConnectionLost lost => model with
            {
                Connection = model.Connection == Connection.Live ? Connection.Reconnecting : Connection.Offline,
                Trouble = lost.Reason,
            },
            ServerMsg.SignedOut refused => model.Connection == Connection.SignedOut
                ? model
                : (model with { Connection = Connection.SignedOut, Trouble = refused.Reason }).Notify($"Signed out: {refused.Reason}"),
            ServerMsg.Connected => model.Connection == Connection.SignedOut
                ? model with
                {
                    Connection = Connection.Reconnecting,
                    Trouble = null,
                }
                : model,
            ServerMsg.TrayArrived tray => TrayUpdate.Tray(Online(model), tray.Items),
            ServerMsg.TrayFailed failed => model.Connection == Connection.SignedOut
                ? model
                : model with
                {
                    Connection = Connection.Offline,
                    Trouble = failed.Reason,
                },
            ServerMsg.EventArrived arrived => EventUpdate.Apply(model, arrived.Event),
            ServerMsg.EventsMissed => EventUpdate.Reload(model),
            ServerMsg.StoriesArrived stories => TrayUpdate.Stories(model, stories),
            ServerMsg.DetailsArrived arrived => Details.Load(model, arrived),
            ServerMsg.StoryGone gone => EventUpdate.Remove(model, gone.StoryId),
            _ => model,
        };

    private static Model Online(Model model) =>
        model is { Connection: Connection.SignedOut } or { Connection: Connection.Live, TrayStale: false }
            ? model
            : model with
            {
                Connection = Connection.Live,
                Trouble = null,
                TrayStale = false,
                Pictures = model.Pictures.RemoveRange(model.Pictures.Where(p => p.Value.Pixels is null).Select(p => p.Key)),
                Recordings = model.Recordings.RemoveRange(model.Recordings.Where(r => r.Value.Recording is null).Select(r => r.Key)),
            };
}
