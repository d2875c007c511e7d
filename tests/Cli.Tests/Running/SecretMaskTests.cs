using StoriesCli.Cli.Running;

namespace StoriesCli.Cli.Tests.Running;

public class SecretMaskTests
{
    [Theory]
    [InlineData("DEPLOY_TOKEN")]
    [InlineData("db_password")]
    [InlineData("AWS_SECRET_ACCESS_KEY")]
    [InlineData("APIKEY")]
    [InlineData("SSH_KEYS")]
    [InlineData("GH_TOKEN_FILE_CONTENT")]
    public void A_variable_whose_name_says_so_is_secret(string name) =>
        Mask(name, "s3cr3t-value").Push("it is s3cr3t-value.", isLast: true).Should().Be("it is ***.");

    [Theory]
    [InlineData("KEYBOARD")]
    [InlineData("HOME")]
    [InlineData("MONKEYSHINE")]
    public void Another_is_not(string name) =>
        Mask(name, "plain-value").Push("it is plain-value.", isLast: true).Should().Be("it is plain-value.");

    [Fact]
    public void However_the_text_is_cut_the_secret_never_shows()
    {
        const string Text = "one abcabd two abcabcabd three abc";
        for (var first = 0; first <= Text.Length; first++)
        {
            for (var second = first; second <= Text.Length; second++)
            {
                var mask = Mask("TOKEN", "abcabd");
                var shown =
                    mask.Push(Text[..first]) + mask.Push(Text[first..second]) + mask.Push(Text[second..]) + mask.Push("", isLast: true);

                shown.Should().Be("one *** two abc*** three abc");
            }
        }
    }

    [Fact]
    public void Of_two_secrets_that_begin_alike_the_longer_goes_whole()
    {
        var mask = new SecretMask(["abcd", "abcdefgh"]);

        (mask.Push("x abcd") + mask.Push("efgh y abcd z", isLast: true)).Should().Be("x *** y *** z");
    }

    [Fact]
    public void Each_line_of_a_key_is_a_secret()
    {
        var mask = Mask("DEPLOY_KEY", "-----BEGIN-----\nMIIBVgIBADAN\n-----END-----\n");

        mask.Push("-----BEGIN-----\r\nMIIBVgIBADAN\r\n-----END-----\r\n", isLast: true).Should().Be("***\r\n***\r\n***\r\n");
    }

    [Fact]
    public void What_is_too_short_to_be_told_from_other_text_stays() =>
        Mask("TOKEN", "1").Push("10 of 11", isLast: true).Should().Be("10 of 11");

    private static SecretMask Mask(string name, string value) => SecretMask.Of([new(name, value)]);
}
