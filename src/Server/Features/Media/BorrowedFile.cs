namespace StoriesCli.Server.Features.Media;

/// <summary>A story's file on this machine, for a program or a decoder that needs its path. It stays until this is disposed.</summary>
/// <param name="path">Path of the file.</param>
/// <param name="giveBack">Called when it is no longer needed.</param>
internal sealed class BorrowedFile(string path, Action? giveBack = null) : IDisposable
{
    public string Path => path;

    public void Dispose() => giveBack?.Invoke();
}
