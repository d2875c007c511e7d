using StoriesCli.Contracts;

namespace StoriesCli.Server.Features.Media;

/// <summary>A story's files, with the length and hash that each must have.</summary>
/// <param name="Id">Id of the story.</param>
/// <param name="Files">Files by part; null stands for the story's main file.</param>
internal sealed record StoredMedia(string Id, (string? Part, StoryMedia Media)[] Files);

/// <summary>Which stories should have files. The feature that has the stories provides it.</summary>
/// <param name="All">Returns the files of all stories, including archived ones.</param>
/// <param name="Find">Returns the files of one story; null when it is gone.</param>
/// <param name="Has">Returns whether files with this id belong to something, which may be a row that was lost recently.</param>
internal sealed record StoredMediaIndex(Func<IReadOnlyList<StoredMedia>> All, Func<string, StoredMedia?> Find, Func<string, bool> Has);
