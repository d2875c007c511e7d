using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media;

/// <summary>A story's files, with the length and the hash that each must have.</summary>
/// <param name="Id">The story.</param>
/// <param name="Files">By part, null for the one that every story has.</param>
internal sealed record StoredMedia(string Id, (string? Part, StoryMedia Media)[] Files);

/// <summary>Whose files there should be. The feature that has the stories provides it.</summary>
/// <param name="All">The files of all stories, and of those in archives.</param>
/// <param name="Find">The files of one story; null when it is gone.</param>
/// <param name="Has">Whether files with this id belong to something, which may be a row that was lost to damage lately.</param>
internal sealed record StoredMediaIndex(Func<IReadOnlyList<StoredMedia>> All, Func<string, StoredMedia?> Find, Func<string, bool> Has);
