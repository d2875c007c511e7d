using System.Text.RegularExpressions;

namespace StoriesCli.Server.Storage.Buckets;

/// <summary>A place in a bucket of an S3 service, written <c>s3://BUCKET/PREFIX</c>.</summary>
/// <param name="Bucket">Name of the bucket.</param>
/// <param name="Prefix">What all keys begin with, without a slash at its end; empty for the whole bucket.</param>
internal sealed partial record BucketAddress(string Bucket, string Prefix)
{
    private const string Scheme = "s3://";
    private const int PrefixCharacters = 200;

    /// <summary>Whether a text is meant as a place in a bucket.</summary>
    public static bool IsOne(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">It is none. The message says what is allowed.</exception>
    public static BucketAddress Parse(string text)
    {
        if (IsOne(text))
        {
            var (bucket, prefix) = text[Scheme.Length..].Split('/', 2) is [var name, var rest]
                ? (name, rest.TrimEnd('/'))
                : (text[Scheme.Length..], "");
            if (
                BucketName().IsMatch(bucket)
                && (prefix.Length == 0 || (prefix.Length <= PrefixCharacters && PrefixForm().IsMatch(prefix)))
                && !prefix.Split('/').Any(step => step is "." or "..")
            )
            {
                return new(bucket, prefix);
            }
        }
        throw new FormatException(
            $"must be like s3://BUCKET/PREFIX, with a bucket of 3 to 63 small letters, digits, dots and dashes, and a prefix of at most {PrefixCharacters} letters, digits and ! - _ . * ' ( ) /"
        );
    }

    public string KeyOf(string name) => Prefix.Length == 0 ? name : $"{Prefix}/{name}";

    /// <summary>How the host is told of an object.</summary>
    public string UrlOf(string name) => $"{Scheme}{Bucket}/{KeyOf(name)}";

    public override string ToString() => Prefix.Length == 0 ? Scheme + Bucket : $"{Scheme}{Bucket}/{Prefix}";

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.CultureInvariant)]
    private static partial Regex BucketName();

    [GeneratedRegex("^[A-Za-z0-9!_.*'()-]+(?:/[A-Za-z0-9!_.*'()-]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex PrefixForm();
}
