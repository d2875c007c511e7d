using StoriesCli.Tui.Actions;
using StoriesCli.Tui.App;

namespace StoriesCli.Tui.Tests;

/// <summary>The keys of the actions, as messages.</summary>
internal static class Keys
{
    /// <summary>By the name that the settings use.</summary>
    public static Msg Of(string name) =>
        ActionRegistry
            .All.SelectMany(action => action.Keys.Select(key => (key.Name, Msg: new InputMsg.Start(action, key.Step))))
            .Single(key => key.Name == name)
            .Msg;
}
