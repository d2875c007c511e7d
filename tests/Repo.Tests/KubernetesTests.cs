using k8s;
using k8s.Models;
using StoriesCli.Server.Hosting;

namespace StoriesCli.Repo.Tests;

/// <summary>The example for Kubernetes names fields that Kubernetes knows, and options and paths that the server knows.</summary>
public class KubernetesTests
{
    private static readonly List<object> Objects = KubernetesYaml.LoadAllFromString(
        File.ReadAllText(Path.Combine(Repository.Root, "docs/examples/kubernetes.yaml")),
        strict: true
    );

    private static V1PodSpec Pod => Objects.OfType<V1Deployment>().Single().Spec.Template.Spec;

    private static V1Container Server => Pod.Containers.Single();

    [Fact]
    public void All_objects_are_of_known_kinds_and_have_known_fields_alone()
    {
        Objects
            .Select(it => it.GetType().Name)
            .Should()
            .BeEquivalentTo(nameof(V1Service), nameof(V1PodDisruptionBudget), nameof(V1Deployment), nameof(V1NetworkPolicy));
        FluentActions
            .Invoking(() => KubernetesYaml.LoadAllFromString("apiVersion: v1\nkind: Service\nspecs: {}\n", strict: true))
            .Should()
            .Throw<Exception>("an unknown field is a fault");
    }

    [Fact]
    public void Every_option_of_the_server_exists_and_its_value_is_taken()
    {
        var options = Server
            .Env.Where(it => it.Name.StartsWith("STORIES_SERVER_", StringComparison.Ordinal))
            .ToDictionary(it => it.Name["STORIES_SERVER_".Length..].ToLowerInvariant().Replace('_', '-'), it => it.Value);

        options.Keys.Should().BeSubsetOf(OptionTable.All.Select(it => it.Name));
        options.Keys.Should().Contain(["database", "media", "listen-peers"]);
    }

    [Fact]
    public void The_probes_ask_what_the_server_answers_at_the_port_that_it_listens_on()
    {
        Server.ReadinessProbe.HttpGet.Path.Should().Be("/readyz");
        Server.LivenessProbe.HttpGet.Path.Should().Be("/livez");
        var ports = Server.Ports.ToDictionary(it => it.Name, it => it.ContainerPort);
        Server.Env.Single(it => it.Name == "STORIES_SERVER_LISTEN").Value.Should().EndWith($":{ports["http"]}");
        Server.Env.Single(it => it.Name == "STORIES_SERVER_LISTEN_PEERS").Value.Should().EndWith($":{ports["peers"]}");
    }

    [Fact]
    public void Every_file_and_label_that_it_names_is_there()
    {
        var mounts = Server.VolumeMounts.ToDictionary(it => it.Name, it => it.MountPath);
        mounts.Keys.Should().BeEquivalentTo(Pod.Volumes.Select(it => it.Name));
        Server
            .Env.Where(it => it.Value?.StartsWith("/secrets/", StringComparison.Ordinal) == true)
            .Should()
            .HaveCount(3)
            .And.OnlyContain(it => it.Value.StartsWith(mounts["secrets"] + "/", StringComparison.Ordinal));
        Objects
            .OfType<V1Service>()
            .Single()
            .Spec.Selector.Should()
            .Equal(Objects.OfType<V1Deployment>().Single().Spec.Selector.MatchLabels);
    }
}
