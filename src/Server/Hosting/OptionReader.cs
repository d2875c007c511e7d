using System.Text;
using System.Text.Json;
using StoriesCli.Contracts;
using StoriesCli.Posix;
using StoriesCli.Server.Http;

namespace StoriesCli.Server.Hosting;

/// <summary>Merges the options: defaults, then <c>DIR/server.json</c>, then the environment, then flags. Reports all faults at once.</summary>
/// <param name="flags">Flags by their names without dashes.</param>
/// <param name="variables">Environment variables.</param>
internal sealed class OptionReader(IReadOnlyDictionary<string, string> flags, IReadOnlyDictionary<string, string> variables)
{
    private const string FileName = "server.json";
    private const int FileBytesMaximum = 64 * 1024;
    private readonly List<string> _faults = [];
    private readonly Dictionary<string, GivenOption> _given = new(StringComparer.Ordinal);

    /// <summary>The options, or their faults, one line each.</summary>
    public (ServerOptions? Options, IReadOnlyList<string> Faults) Read()
    {
        // The file is in the data directory, so that must be known first.
        var options = ApplyData();
        var file = ReadFile(Path.Combine(options.Data, FileName));
        foreach (var option in OptionTable.All.Skip(1))
        {
            options = Apply(options, option, file.GetValueOrDefault(option.Name));
        }
        if (options.MinTtl > options.MaxTtl)
        {
            _faults.Add(
                $"--min-ttl must not be longer than --max-ttl, {Durations.Format(options.MaxTtl)}, was {Durations.Format(options.MinTtl)}"
            );
        }
        else if (options.DefaultTtl < options.MinTtl || options.DefaultTtl > options.MaxTtl)
        {
            // A narrowed range moves the default into it, unless the host set a default outside.
            if (IsSet("default-ttl", file))
            {
                _faults.Add(
                    $"--default-ttl must be {Durations.Format(options.MinTtl)} to {Durations.Format(options.MaxTtl)}, as --min-ttl and --max-ttl say, was {Durations.Format(options.DefaultTtl)}"
                );
            }
            options = options with { DefaultTtl = options.DefaultTtl < options.MinTtl ? options.MinTtl : options.MaxTtl };
            _given["default-ttl"] = new(Durations.Format(options.DefaultTtl), OptionSources.Default);
        }
        if (options.MediaBucket is not null && options.MediaCacheBytes < options.Media.LargestBytes)
        {
            _faults.Add(
                $"--media-cache must have room for the largest file that may be posted, {options.Media.LargestBytes:N0} bytes, was {options.MediaCacheBytes:N0}"
            );
        }
        if (options.Backups.IsOn != options.Backups.HasPlace)
        {
            _faults.Add("--backup-every and --backup-to go together: only one of them is set");
        }
        CheckTls(options, isCertificateSet: IsSet("tls-certificate", file), isKeySet: IsSet("tls-key", file));
        CheckPeers(options);
        CheckVariables();
        // A relative path leads elsewhere for who reads the status.
        _given["data"] = new(options.Data, _given.TryGetValue("data", out var data) ? data.Source : OptionSources.Default);
        return _faults.Count == 0 ? (options with { Given = _given }, []) : (null, _faults);
    }

    /// <summary>The data directory alone, for a command that has to work whatever became of the other options since the start.</summary>
    public (string? Data, IReadOnlyList<string> Faults) ReadData()
    {
        var options = ApplyData();
        return _faults.Count == 0 ? (options.Data, []) : (null, _faults);
    }

    private ServerOptions ApplyData() =>
        Apply(
            new ServerOptions { Data = Path.GetFullPath("stories-data"), Listen = [ListenAddress.Default] },
            OptionTable.All[0],
            fromFile: null
        );

    /// <summary>Refuses unknown variables: a typing error must not leave a limit open that the host believes to be set.</summary>
    private void CheckVariables() =>
        _faults.AddRange(
            variables
                .Keys.Where(name =>
                    name.StartsWith(ServerOption.VariablePrefix, StringComparison.Ordinal)
                    && OptionTable.All.All(option => option.Variable != name)
                )
                .Order(StringComparer.Ordinal)
                .Select(name => $"{name}: there is no option for this variable")
        );

    private void CheckTls(ServerOptions options, bool isCertificateSet, bool isKeySet)
    {
        if (options is { TlsCertificate: { } certificate, TlsKey: { } key })
        {
            if (TlsCertificate.FindFault(certificate, key) is { } fault)
            {
                _faults.Add($"--tls-certificate and --tls-key cannot be used: {fault}");
            }
        }
        else if (isCertificateSet != isKeySet)
        {
            _faults.Add("--tls-certificate and --tls-key go together: only one of them is set");
        }
        else if (!isCertificateSet && options.Listen.FirstOrDefault(a => a.IsHttps) is { } https)
        {
            _faults.Add($"--listen {https.Text} needs --tls-certificate and --tls-key");
        }
    }

    private void CheckPeers(ServerOptions options)
    {
        // One that cannot be used is named already, and not missing.
        if (_faults.Count == 0 && (options.PeerListen is null) != (options.PeerSecretFile is null))
        {
            _faults.Add("--listen-peers and --peer-secret-file go together: only one of them is set");
        }
        if (options is { PeerListen: not null, Database: null })
        {
            _faults.Add("--listen-peers needs --database: several servers share one in PostgreSQL");
        }
    }

    /// <summary>Uses the environment variables of this process.</summary>
    public static OptionReader OfProcess(IReadOnlyDictionary<string, string> flags) =>
        new(
            flags,
            Environment
                .GetEnvironmentVariables()
                .Cast<System.Collections.DictionaryEntry>()
                .ToDictionary(v => (string)v.Key, v => (string?)v.Value ?? "", StringComparer.Ordinal)
        );

    private bool IsSet(string name, Dictionary<string, string> file)
    {
        var option = OptionTable.All.Single(o => o.Name == name);
        return flags.ContainsKey(name) || variables.ContainsKey(option.Variable) || file.ContainsKey(name);
    }

    private ServerOptions Apply(ServerOptions options, ServerOption option, string? fromFile)
    {
        var (value, source, origin) =
            flags.TryGetValue(option.Name, out var flag) ? (flag, OptionSources.Argument, option.Flag)
            : variables.TryGetValue(option.Variable, out var variable) ? (variable, OptionSources.Environment, option.Variable)
            : (fromFile, OptionSources.File, $"{FileName}: {option.Name}");
        if (value is null)
        {
            return options;
        }
        if (string.IsNullOrWhiteSpace(value))
        {
            _faults.Add($"{origin} is empty: leave it out, or give it a value");
            return options;
        }
        try
        {
            var changed = option.Set(options, value);
            _given[option.Name] = new(value, source);
            return changed;
        }
        catch (FormatException e)
        {
            _faults.Add($"{origin} {e.Message}");
            return options;
        }
    }

    private Dictionary<string, string> ReadFile(string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (ReadBytes(path) is not { } json)
        {
            return values;
        }
        try
        {
            using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                _faults.Add($"{FileName} must hold one object, such as {{ \"min-ttl\": \"1m\" }}");
                return values;
            }
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "data" || OptionTable.All.All(o => o.Name != property.Name))
                {
                    _faults.Add($"{FileName}: there is no option \"{Excerpt.Of(property.Name)}\" for this file");
                }
                else if (property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
                {
                    _faults.Add($"{FileName}: {property.Name} must be a text or a number, was {Excerpt.Of(property.Value.GetRawText())}");
                }
                else if (!values.TryAdd(property.Name, property.Value.ToString()))
                {
                    _faults.Add($"{FileName}: {property.Name} stands there twice");
                }
            }
        }
        catch (JsonException e)
        {
            _faults.Add($"{FileName} cannot be used: {JsonFault.Describe(e, json.Span)}");
        }
        catch (InvalidOperationException)
        {
            _faults.Add($"{FileName} cannot be used: a name or a text in it has half a character (a lone \\uD800 to \\uDFFF)");
        }
        return values;
    }

    /// <returns>Null when there is no file, or when it cannot be read: then there is a fault.</returns>
    private ReadOnlyMemory<byte>? ReadBytes(string path)
    {
        try
        {
            if (!Path.Exists(path) && new FileInfo(path).LinkTarget is null)
            {
                return null;
            }
            // Opening a pipe would wait for its writer.
            if (!FileKind.IsRegularOrNone(path))
            {
                _faults.Add($"{FileName} cannot be used: it is a pipe or a device");
                return null;
            }
            using var file = File.OpenRead(path);
            if (file.Length > FileBytesMaximum)
            {
                _faults.Add($"{FileName} cannot be used: it has {Counted.Of(file.Length, "byte")}, and may have {FileBytesMaximum:N0}");
                return null;
            }
            var bytes = new byte[file.Length];
            return SkipMark(bytes.AsMemory(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _faults.Add($"{FileName} cannot be read: {FileFault.Reason(e)}");
            return null;
        }
    }

    /// <summary>Some editors begin a file with a byte order mark.</summary>
    private static ReadOnlyMemory<byte> SkipMark(ReadOnlyMemory<byte> text) =>
        text.Span.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
}
